"""What people read about draws and second visits."""

from sijinak.vaccinations.revisits.models import RevisitResult, SeedSource
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        RevisitResult.CONFIRMED: N_("The animal is there, and the owner confirms the dose"),
        RevisitResult.NOT_VACCINATED: N_("The animal is there, but was not vaccinated"),
        RevisitResult.NOT_FOUND: N_("The animal could not be found"),
    }
)
name_all(
    {
        SeedSource.PUBLIC: N_("A public source that nobody here can choose"),
        SeedSource.AGREED: N_("Agreed and written down before the days end"),
    }
)
MESSAGES.update(
    {
        "unknown-region": N_("Choose a region from the list."),
        "wrong-draw-days": N_(
            "The last day comes after the first, and at most %(most)s days later."
        ),
        "wrong-share": N_("Choose 1 to 1000 of a thousand doses."),
        "seed-missing": N_(
            "The seed has at least %(least)s characters, so that nobody can guess it."
        ),
        "seed-source-missing": N_(
            "Write where the seed comes from, so that everybody can look it up."
        ),
        "seed-too-late": N_(
            "These days are over. A seed that is agreed now could choose the doses: name a public"
            " source instead."
        ),
        "draw-not-over": N_("The last day (%(day)s) is not over yet. Draw on a later day."),
        "drawn-already": N_("This was drawn already. The result stands."),
        "seed-stands": N_("The seed was fixed with the announcement and cannot be another one."),
        "nothing-to-draw": N_("No dose was recorded in this region on these days."),
        "visit-in-the-future": N_("The visit was between the day of the dose and today."),
        "visited-already": N_("%(name)s has recorded a visit to this animal already."),
        "visit-note-missing": N_("Write what you saw, and whom you spoke with."),
        "own-dose": N_("You gave this dose yourself. Another officer makes the second visit."),
    }
)
