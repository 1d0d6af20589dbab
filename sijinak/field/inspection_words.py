"""What the inspection part of the field app says: it comes after the shell, and only once."""

from sijinak.web.i18n import N_

WORDS = {
    "inspect.list-of": N_("The list came on {at}."),
    "inspect.no-list": N_(
        "There is no list on this phone yet. Open this with a network, or download the work pack."
    ),
    "inspect.none-waits": N_("No application waits for an inspection in your area."),
    "inspect.so-far": N_("{n} of {total} seen · to leave on {on}"),
    "inspect.closed": N_("Finished"),
    "inspect.kept": N_("Finished. It is kept on this phone and goes out with the next network."),
    "inspect.received": N_("Finished, and received by the office."),
    "inspect.in-review": N_("Finished. The office looks at it: something did not fit."),
    "inspect.why.inspection-has-gaps": N_(
        "Finished, but records of it are missing at the office or wait for a person there."
    ),
    "inspect.why.inspection-closed": N_(
        "The application does not wait for an inspection any more. Ask the permit desk."
    ),
    "inspect.why.may-not-pass": N_(
        "The rules refuse an animal that passed here. The office decides with you."
    ),
    "inspect.why.sample-missing": N_(
        "A sample is missing that the rules ask for. The office decides with you."
    ),
    "inspect.why.sample-number-taken": N_(
        "A sample number was used before. Tell the office the right one."
    ),
    "inspect.n-of": N_("{n} of {total} animals seen"),
    "inspect.least": N_("At least {kg} kg."),
    "inspect.least-unknown": N_("No least weight is stated. Weigh all the same."),
    "inspect.vehicle-open": N_("Not seen yet (applied for: {plate})"),
    "inspect.plate-applied": N_("Applied for: {plate}"),
    "inspect.some-left": N_("{n} animals are still to be seen or marked as not there."),
    "inspect.no-vehicle": N_("The vehicle is still to be seen."),
    "inspect.nobody": N_(
        "No animal passes, so it cannot be finished here. Tell the permit desk, who sends the"
        " application back."
    ),
    "inspect.finish-sure": N_("Finish the inspection? After that nothing can be changed here."),
    "inspect.is-passed": N_("Passes"),
    "inspect.is-refused": N_("Does not pass"),
    "inspect.is-absent": N_("Was not there"),
    "inspect.is-open": N_("Not seen yet"),
    "inspect.not-listed": N_("NOT ON THE LIST of this application"),
    "inspect.not-a-tag": N_("This is not one of our tags"),
    "inspect.done-before": N_("You have seen this animal already. What you save now counts."),
    "inspect.sample": N_("Number of the sample: {disease} ({method})"),
    "inspect.sample-missing": N_("The rules ask for this sample. Write the number on the tube."),
    "inspect.weight-missing": N_("Weigh it: without a weight no animal passes."),
    "inspect.too-light": N_("At least {kg} kg are asked for: it does not pass."),
    "inspect.reason-missing": N_("Write why."),
    "inspect.photo-side": N_("Photo from the side"),
    "inspect.photo-tag": N_("Photo of the tag"),
    "inspect.photo-vehicle": N_("Photo of the vehicle with its plate"),
    "inspect.photo-there": N_("A photo is there; a new one takes its place."),
    "inspect.photo-missing": N_("Take this photo."),
    "inspect.photo-bad": N_("This picture cannot be read. Take it again."),
    "inspect.animal-kept": N_("{code} is kept."),
}
