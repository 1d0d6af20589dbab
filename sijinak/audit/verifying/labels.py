"""What people read of a verification."""

from sijinak.audit.verifying.faults import Code
from sijinak.web.i18n import N_

FAULTS = {
    Code.LEAF_MISSING: N_("Lines of the log are missing"),
    Code.LEAF_ALTERED: N_("A line of the log was altered"),
    Code.LEAF_MISLABELLED: N_("A line of the log stands under a wrong name"),
    Code.LEAF_BACK_DATED: N_("A line of the log was back-dated"),
    Code.NODE_ALTERED: N_("The tree of the log was altered"),
    Code.NODE_STRAY: N_("The tree of the log has more than its lines"),
    Code.HEAD_DIFFERS: N_("The head of the log does not match its lines"),
    Code.LEAF_WAITS: N_("Lines wait too long for the log"),
    Code.CHECKPOINT_DIFFERS: N_("The log is not what was signed"),
    Code.CHECKPOINT_UNSIGNED: N_("A signature of the log is not valid"),
    Code.CHECKPOINT_BEYOND: N_("The log is shorter than what was signed"),
    Code.CHECKPOINT_DISORDER: N_("Signatures of the log do not follow in time"),
    Code.CHECKPOINT_MISSING: N_("A signature of the log was removed"),
    Code.ANCHOR_DIFFERS: N_("The log is not what others keep of it"),
    Code.ANCHOR_UNSIGNED: N_("What others keep was not signed by the office"),
    Code.ANCHOR_BEYOND: N_("The log is shorter than what others keep of it"),
    Code.ROW_UNLOGGED: N_("A record was added behind the log's back"),
    Code.ROW_MISSING: N_("A record was deleted"),
    Code.ROW_DIFFERS: N_("A record was altered"),
    Code.ROW_TOLD_TWICE: N_("A record that never changes stands in the log twice"),
    Code.ROW_REWRITTEN: N_("A record was changed where it never changes, and the log tells it"),
    Code.ROW_BACK_DATED: N_("A record was back-dated"),
    Code.LINE_STRAY: N_("A line of a record has lost its record"),
    Code.KEY_DESTROYED: N_("A person's key was destroyed, what it hid was not"),
    Code.ERASURE_UNPROVEN: N_("A person was erased, and no two people did it"),
    Code.NUMBER_MISSING: N_("A number of a receipt is missing"),
    Code.NUMBER_DISORDER: N_("Receipts do not follow in time"),
    Code.COUNTER_DIFFERS: N_("The counter of receipts does not match them"),
    Code.VOID_DIFFERS: N_("A void does not repeat its receipt"),
    Code.DAY_CLOSED: N_("A journal was written into a closed day"),
    Code.BOOKS: N_("The books do not agree with themselves"),
}
