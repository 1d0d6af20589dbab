"""Lists about the records themselves: what was done, and what looked wrong."""

from sijinak.audit.exports.kinds import Kind, placed
from sijinak.audit.findings.models import AuditFinding
from sijinak.core.events import Event
from sijinak.web.i18n import N_
from sijinak.web.wording import Who

EVENTS = Kind(
    code="events",
    title=N_("Audit trail"),
    columns={
        N_("When"): Event.happened_at,
        N_("What"): Event.name,
        N_("Who"): Who(Event.actor_name),
        **placed(Event.region),
        N_("Facts"): Event.facts,
        N_("Kind of thing"): Event.subject_type,
        N_("Id of the thing"): Event.subject_id,
        N_("Id of who did it"): Event.actor_id,
        N_("Id"): Event.id,
    },
    origin=Event,
    key=Event.id,
    region=Event.region,
    at=Event.happened_at,
    officer=(Event.actor_id,),
)
FINDINGS = Kind(
    code="findings",
    title=N_("Findings"),
    columns={
        N_("Check"): AuditFinding.code,
        N_("Title"): AuditFinding.title,
        N_("Severity"): AuditFinding.severity,
        N_("State"): AuditFinding.state,
        N_("Amount"): AuditFinding.amount,
        N_("Day"): AuditFinding.happened_on,
        N_("Raised"): AuditFinding.raised_at,
        N_("Raised by"): Who(AuditFinding.raised_by_name),
        N_("Seen last"): AuditFinding.last_seen_at,
        N_("Gone"): AuditFinding.gone_at,
        N_("Outcome"): AuditFinding.outcome,
        N_("Closed"): AuditFinding.closed_at,
        N_("Closed by"): Who(AuditFinding.closed_by_name),
        N_("Closed without an answer"): AuditFinding.unanswered,
        N_("Facts"): AuditFinding.facts,
        **placed(AuditFinding.region),
        N_("Kind of thing"): AuditFinding.subject_type,
        N_("Id of the thing"): AuditFinding.subject_id,
        N_("Id"): AuditFinding.id,
    },
    origin=AuditFinding,
    key=AuditFinding.id,
    region=AuditFinding.region,
    at=AuditFinding.raised_at,
    officer=(AuditFinding.raised_by, AuditFinding.closed_by),
    state=AuditFinding.state,
)
TRAIL = (EVENTS, FINDINGS)
