"""The sentence for every finding: what was found, and what to do about it."""

from collections.abc import Mapping

from sijinak.permits.rules.models import ApplicantKind, RuleField, ToldBy
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all

DAY_OVER = N_("The planned day is over. Choose today or a later day.")
FINDINGS: Mapping[str, str] = {
    "REGISTERED": N_("Registered."),
    "NOT_REGISTERED": N_("No animal has this tag. Check the code, or have the animal registered."),
    "SEEN": N_("An officer has seen the animal."),
    "PRESENT": N_("It is alive, and not reported stolen."),
    "REPORTED_STOLEN": N_("It is reported stolen. Tell the police and the field office at once."),
    "NOT_PRESENT": N_("The register says that it is not there any more: %(state)s."),
    "CHANGING_HANDS": N_(
        "A change of its owner, keeper or place is not finished. Finish or cancel that first."
    ),
    "DATA2_ONLY": N_(
        "The animal is only declared. Ask the UPT to see it and take its marks, then submit."
    ),
    "WRONG_SPECIES": N_(
        "This is %(found)s, the application is for %(wanted)s. Take it off the list."
    ),
    "SEX": N_("The sex fits the rule."),
    "SEX_NOT_STATED": N_("Rule %(rule)s does not state the sex: ask the Dinas before the journey."),
    "FEMALE_PRODUCTIVE": N_(
        "Females may not leave (rule %(rule)s). Put a male on the list instead."
    ),
    "WRONG_SEX": N_("Males are not for this purpose (rule %(rule)s). Take it off the list."),
    "FEMALE_NOT_STATED": N_(
        "Females are not for this purpose (rule %(rule)s). Whether one that is not productive may"
        " leave, nobody has stated: ask the Dinas, or put a male on the list."
    ),
    "FEMALE_LETTER": N_("Not productive, by the veterinarian's letter %(letter)s."),
    "FEMALE_LETTER_LATER": N_(
        "A female may leave only when she is not productive (rule %(rule)s). Have the"
        " veterinarian's letter ready at the inspection."
    ),
    "FEMALE_LETTER_MISSING": N_(
        "A female may leave only with a veterinarian's letter that she is not productive (rule"
        " %(rule)s). Write its number, or take her off."
    ),
    "AGE_NOT_STATED": N_("Rule %(rule)s does not state the least age: ask the Dinas."),
    "TEETH": N_("%(teeth)s pairs of permanent teeth; at least %(least)s."),
    "TEETH_LATER": N_(
        "Its teeth are not in the register. At least %(least)s pairs of permanent teeth are needed:"
        " ask the UPT to look."
    ),
    "UNDERAGE": N_(
        "Too young: %(teeth)s pairs of permanent teeth, at least %(least)s are needed (rule"
        " %(rule)s). Take it off the list."
    ),
    "PREGNANCY_NOT_STATED": N_(
        "Rule %(rule)s does not state whether pregnant animals may leave: ask the Dinas."
    ),
    "PREGNANCY_LATER": N_("Pregnant animals stay (rule %(rule)s): seen at the inspection."),
    "PREGNANT": N_("She is pregnant and stays here (rule %(rule)s). Take her off the list."),
    "NOT_PREGNANT": N_("She is not pregnant."),
    "MOVEMENT_BANNED": N_(
        "The movement is banned because of %(disease)s (%(basis)s). Wait until the ban is lifted,"
        " or put another animal on the list."
    ),
    "DOSES": N_("%(disease)s: %(have)s of %(need)s doses."),
    "DOSE_MISSING": N_(
        "%(disease)s: %(have)s of %(need)s doses. Ask the UPT for the vaccination, then submit."
    ),
    "DOSE_TOO_FRESH": N_(
        "%(disease)s: the last dose will be %(days)s days old, at least %(least)s are needed."
        " Choose a later day."
    ),
    "DOSE_TOO_OLD": N_(
        "%(disease)s: the last dose will be %(days)s days old, at most %(most)s are allowed."
        " Ask the UPT for another one, then submit."
    ),
    "DOSE_MISSING_OR_TEST": N_(
        "%(disease)s: %(have)s of %(need)s doses. Ask the UPT for the vaccination, or for a"
        " negative test (%(methods)s) at most %(days)s days before leaving."
    ),
    "DOSE_TOO_FRESH_OR_TEST": N_(
        "%(disease)s: at least %(least)s days must lie between the last dose and leaving. Choose a"
        " later day, or ask for a negative test (%(methods)s) at most %(days)s days before leaving."
    ),
    "DOSE_TOO_OLD_OR_TEST": N_(
        "%(disease)s: at most %(most)s days may lie between the last dose and leaving. Ask the UPT"
        " for another dose, or for a negative test (%(methods)s) at most %(days)s days before"
        " leaving."
    ),
    "TESTED_INSTEAD": N_("%(disease)s: a negative test stands for the vaccination."),
    "IN_WITHDRAWAL": N_(
        "After %(product)s it may not be slaughtered until %(until)s. Choose a later day."
    ),
    "WITHDRAWAL_NOT_STATED": N_(
        "How long to wait after %(product)s before the slaughter, nobody has stated: ask the"
        " veterinarian."
    ),
    "DOSES_NOT_STATED": N_("Rule %(rule)s does not state the vaccinations: ask the Dinas."),
    "OWNED": N_("The animal is the applicant's own."),
    "SOLD": N_("Registered to somebody else: the permit desk checks sale letter %(letter)s."),
    "NO_TRANSFER": N_(
        "The animal belongs to somebody else. Enter the number of the village's sale letter."
    ),
    "FREE": N_("On no other application."),
    "IN_OTHER_APPLICATION": N_(
        "The animal is on another open application. That one must be finished or cancelled first."
    ),
    "ON_VALID_PERMIT": N_("The animal is on an issued permit, valid until %(until)s."),
    "WEIGHT": N_("%(weight)s kg; at least %(least)s kg."),
    "UNDERWEIGHT": N_("%(weight)s kg is too light: at least %(least)s kg."),
    "WEIGHT_LATER": N_("Weighed at the inspection: at least %(least)s kg."),
    "WEIGHT_NOT_STATED": N_("Rule %(rule)s does not state a least weight: ask the Dinas."),
    "RBT_LATER": N_(
        "The destination asks for the brucellosis test; its result is needed at the inspection."
    ),
    "RBT_NEGATIVE": N_("The brucellosis test is negative."),
    "RBT_POSITIVE": N_("The brucellosis test is positive."),
    "RBT_MISSING": N_("The destination asks for the brucellosis test: not tested."),
    "TESTS_NOT_STATED": N_("Rule %(rule)s does not state the tests: ask the Dinas."),
    "TEST_LATER": N_("%(disease)s: a negative test is needed; the sample is taken here."),
    "TEST_UNCLEAR": N_(
        "%(disease)s: the test of %(sampled)s (%(number)s) was not clear. Another sample is needed."
    ),
    "TEST_EXPIRED": N_(
        "%(disease)s: the sample of %(sampled)s will be older than %(most)s days. Another one is"
        " needed."
    ),
    "TEST_DAYS_NOT_STATED": N_(
        "%(disease)s: negative on %(sampled)s (%(number)s). How long that counts, nobody has"
        " stated: ask the Dinas."
    ),
    "TEST_NEGATIVE": N_("%(disease)s: negative on %(sampled)s (%(number)s)."),
    "TEST_POSITIVE": N_(
        "%(disease)s: positive on %(sampled)s (%(number)s). It stays here; ask the veterinarian"
        " what to do."
    ),
    "RULE": N_("Rule %(rule)s: %(basis)s."),
    "NO_RULE": N_(
        "No rule is known for %(species)s, %(purpose)s, %(scope)s. Ask the Dinas before you apply."
    ),
    "DEST_OPEN": N_("The destination is not closed."),
    "DEST_CLOSED": N_(
        "The destination is closed since %(since)s (%(reason)s). Choose another destination."
    ),
    "APPLICANT": N_("The applicant may apply for this way."),
    "FIRM_SUSPENDED": N_(
        "The firm is suspended by decree %(decree)s: no application until that ends. Ask the Dinas."
    ),
    "NOT_A_FIRM": N_("Only a firm with a NIB may apply (rule %(rule)s). Apply through a firm."),
    "ISOLATION": N_("Before leaving the animals stay %(days)s days in isolation (rule %(rule)s)."),
    "CLINICAL_LATER": N_("A veterinarian examines each animal (rule %(rule)s)."),
    "DISINFECTION_LATER": N_("The vehicle is disinfected before loading (rule %(rule)s)."),
    "NOT_STATED": N_("Rule %(rule)s does not state: %(what)s. Ask the Dinas before the journey."),
    "APPLICANT_NOT_CHECKED": N_(
        "Who applies is not looked at here. Sign in to have that checked, too."
    ),
    "PUBLIC_LOOK": N_(
        "Without signing in, results of laboratories, teeth, pregnancy and the village are not"
        " looked at: they are not public."
    ),
    "OWNER_NOT_CHECKED": N_(
        "Whose it is, and whether it stands on another application, is not looked at here."
    ),
    "KEEPER_BLOCKED": N_(
        "%(count)s permits are open for more than %(days)s days (%(numbers)s; allowed: %(most)s)."
        " Have the receivers say what arrived, or ask the Dinas for time. Basis: %(basis)s."
    ),
    "QUOTA_LEFT": N_("%(left)s heads of the quota are left."),
    "QUOTA_UNKNOWN": N_(
        "No decree about the quota is known yet. The application waits in the queue until there is"
        " one."
    ),
    "QUOTA_WAITING": N_(
        "The quota has %(left)s heads left for a new application. It would wait at place %(place)s"
        " of the queue."
    ),
    "DAY": N_("The planned day is still to come."),
    "DAY_OVER": DAY_OVER,
}

name_all(
    {
        ApplicantKind.FIRM: N_("A firm with a NIB"),
        ApplicantKind.ANYBODY: N_("Anybody"),
        ToldBy.OFFICE: N_("From the text itself"),
        ToldBy.NEWS: N_("From the news"),
        ToldBy.EXAMPLE: N_("Example only"),
        RuleField.SEXES: N_("Sex"),
        RuleField.UNPRODUCTIVE_FEMALES: N_("Females that are not productive"),
        RuleField.MIN_WEIGHT_KG: N_("Least weight"),
        RuleField.MIN_TEETH: N_("Least age by teeth"),
        RuleField.PREGNANT_MAY_LEAVE: N_("Pregnant animals"),
        RuleField.VACCINES: N_("Vaccinations"),
        RuleField.TESTS: N_("Tests"),
        RuleField.ISOLATION_DAYS: N_("Days of isolation"),
        RuleField.CLINICAL: N_("Clinical examination"),
        RuleField.DISINFECTION: N_("Disinfection"),
        RuleField.DOCUMENTS: N_("Documents of the applicant"),
        RuleField.EXTERNAL_PAPERS: N_("Papers of other offices"),
        RuleField.VALIDITY_DAYS: N_("Days of validity"),
        RuleField.NEEDS_QUOTA: N_("Quota"),
        RuleField.APPLICANT: N_("Who may apply"),
    }
)
