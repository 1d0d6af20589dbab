"""What people read about labels and alarms."""

from datetime import datetime
from typing import Any

from sijinak.animals.models import EndReason
from sijinak.areas.queries import full_name
from sijinak.tags.models import AlarmKind, TagAlarm
from sijinak.tagstock.models import TagState
from sijinak.web.formats import moment
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import label, name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        AlarmKind.TWO_PLACES: N_("Read in two places too far apart"),
        AlarmKind.NOT_ISSUED: N_("Put on by somebody it was not issued to"),
        AlarmKind.DEAD_TAG: N_("A lost, stolen or broken tag was read"),
        AlarmKind.STOLEN_ANIMAL: N_("A stolen animal was scanned"),
    }
)
MESSAGES.update(
    {
        "nothing-to-print": N_(
            "There is no label to print here. All were printed already: take the old sheet again,"
            " or tick “new labels with new codes”."
        ),
        "again-without-reason": N_("Write why these animals need new labels."),
        "labels-changed": N_(
            "Somebody else made new labels for these animals just now. Look at the newest sheet."
        ),
        "alarm-closed": N_("%(name)s has closed this alarm already."),
        "own-alarm": N_(
            "This alarm is about what you read or did yourself. Another officer has to close it."
        ),
        "resolution-missing": N_("Write what you found out, and what was done."),
    }
)


def alarm_lines(alarm: TagAlarm) -> list[str]:
    """What is known, one sentence each."""
    facts = alarm.facts
    lines = list(_told(alarm.kind, facts))
    if facts.get("by"):
        lines.append(_("Read or used by %(name)s", name=facts["by"]))
    elif alarm.kind in (AlarmKind.STOLEN_ANIMAL, AlarmKind.DEAD_TAG):
        lines.append(_("Scanned by the public; who it was is not kept"))
    if alarm.readings > 1:
        last = moment(alarm.last_read_at)
        lines.append(_("%(n)s times, last on %(when)s", n=alarm.readings, when=last))
    return lines


def _told(kind: AlarmKind, facts: dict[str, Any]) -> list[str]:
    match kind:
        case AlarmKind.TWO_PLACES:
            ends = zip(facts["villages"], facts["moments"], strict=True)
            places = [f"{full_name(code)}, {_when(text)}" for code, text in ends]
            far = [_("%(km)s km as the crow flies", km=facts["km"])] if facts.get("km") else []
            return [*places, *far]
        case AlarmKind.NOT_ISSUED:
            return [_("It was: %(state)s", state=label(TagState(facts["was"])))]
        case AlarmKind.DEAD_TAG:
            return [_("It was reported: %(state)s", state=label(EndReason(facts["why"])))]
    return []


def _when(text: str) -> str:
    return moment(datetime.fromisoformat(text))
