"""What people call campaigns, and what they read when something is wrong with one."""

from sijinak.vaccinations.campaigns.models import CampaignState, TeamRole
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        CampaignState.PLANNED: N_("Planned"),
        CampaignState.OPEN: N_("Under way"),
        CampaignState.CLOSED: N_("Campaign closed"),
        TeamRole.VACCINATOR: N_("Vaccinator"),
        TeamRole.MARKER: N_("Marks the animals"),
        TeamRole.RECORDER: N_("Keeps the record"),
        TeamRole.WASTE: N_("Looks after the waste"),
    }
)
TONES = {"planned": "info", "open": "success", "closed": "neutral"}
MESSAGES.update(
    {
        "campaign-name-missing": N_("Give the campaign a name."),
        "campaign-ends-early": N_("The last day lies before the first day."),
        "goal-percent-wrong": N_("The goal is a number from 1 to 100."),
        "another-disease": N_("This vaccine is against another disease. Choose one that fits."),
        "campaign-no-villages": N_("Choose at least one village."),
        "campaign-nothing-to-open": N_(
            "This campaign has no village yet. Add its villages, then open it."
        ),
        "not-in-campaign-region": N_("Not in the area of this campaign: %(names)s."),
        "target-heads-wrong": N_("The target is a number of animals from 0 to %(most)s."),
        "planned-outside": N_("Choose a day between the first and the last day of the campaign."),
        "not-a-team-member": N_("Choose an officer who works in the area of this campaign today."),
        "member-is-there": N_("This officer has this task in the team already."),
        "campaign-closed": N_("The campaign is closed. It can no longer be changed."),
        "campaign-of-another-disease": N_("This campaign is against another disease."),
        "outbreak-is-there": N_(
            "This outbreak is in the list already: the same village, disease and day."
        ),
        "outbreak-in-the-future": N_("This day has not come yet. Check the day."),
    }
)
FIELD_OF = {
    "campaign-name-missing": "name",
    "campaign-ends-early": "ends_on",
    "goal-percent-wrong": "goal_percent",
    "another-disease": "product_id",
    "campaign-no-villages": "villages",
    "not-in-campaign-region": "villages",
    "target-heads-wrong": "target_heads",
    "planned-outside": "planned_on",
    "not-a-team-member": "user_id",
    "member-is-there": "user_id",
    "outbreak-is-there": "found_on",
    "outbreak-in-the-future": "found_on",
}
