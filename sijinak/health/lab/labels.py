"""What people call tests and their results, and what they read when one cannot be recorded."""

from sijinak.health.lab.models import Finding, Method
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        Method.RBT: "RBT",
        Method.CFT: "CFT",
        Method.PCR: "PCR",
        Method.ELISA: "ELISA",
        Method.ELISA_NSP: "ELISA NSP",
        Method.CULTURE: N_("Culture"),
        Method.MICROSCOPY: N_("Under the microscope"),
    }
)
name_all(
    {
        Finding.NEGATIVE: N_("Negative"),
        Finding.POSITIVE: N_("Positive"),
        Finding.UNCLEAR: N_("Not clear: a new sample is needed"),
        Finding.UNUSABLE: N_("The sample could not be tested"),
    }
)
TONES = {
    Finding.NEGATIVE: "success",
    Finding.POSITIVE: "danger",
    Finding.UNCLEAR: "warning",
    Finding.UNUSABLE: "warning",
}
MESSAGES.update(
    {
        "sample-number-taken": N_(
            "The sample number %(number)s was used before for this test. Compare it with the tube."
        ),
        "result-there": N_(
            "%(number)s has its result already. Open the sample to correct a wrong one."
        ),
        "result-superseded": N_(
            "Somebody else corrected this result meanwhile. Look at what stands now."
        ),
        "wrong-test-day": N_(
            "The day of the test lies before sample %(number)s was taken, or in the future."
        ),
        "correction-without-reason": N_("Write why the result was wrong."),
    }
)
