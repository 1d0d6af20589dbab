"""The two apps of the phone: one for the field, one for the checkpoint."""

from sijinak.field.app_words import WORDS
from sijinak.field.checkpoint_words import WORDS as AT_THE_CHECKPOINT
from sijinak.field.inspection_words import WORDS as OF_INSPECTIONS
from sijinak.field.shell import Annex, PhoneApp
from sijinak.web.i18n import N_

FIELD = PhoneApp(
    name="lapangan",
    endpoint="fieldapp",
    entry="field/app.js",
    template="field/app.html",
    title=N_("SiJINAK in the field"),
    words=WORDS,
    annex=Annex(
        template="field/inspection.html",
        words=OF_INSPECTIONS,
    ),
)
CHECKPOINT = PhoneApp(
    name="periksa",
    endpoint="checkpointapp",
    entry="field/checkpoint/app.js",
    template="checkpoint/app.html",
    title=N_("SiJINAK at the checkpoint"),
    words=AT_THE_CHECKPOINT,
    style=("field/checkpoint/checkpoint.css",),
)

bp = FIELD.blueprint()
checkpoint_bp = CHECKPOINT.blueprint()
