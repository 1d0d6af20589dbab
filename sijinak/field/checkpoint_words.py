"""Every sentence that the scripts of the checkpoint app say, by its code; {name} is filled in."""

from sijinak.field.app_words import SHARED
from sijinak.web.i18n import N_

_FRAME = {
    "app": N_("SiJINAK at the checkpoint"),
    "camera-denied": N_(
        "The camera is not allowed. Allow it in the browser, or type what you read."
    ),
    "camera-none": N_("No camera here. Type what you read."),
    "no-post": N_("Choose the port and your post first"),
    "post-line": N_("{place}, {port}"),
    "supply-line": N_("{n} permits · list made {ago}"),
    "supply-none": N_("nothing yet: download it before you check"),
    "supply-taken": N_("Keys, list and permits are on the phone. You can check without a network."),
    "supply-taking": N_("Downloading…"),
    "supply-fetched": N_("Downloaded"),
    "supply-permits": N_("Permits of this port"),
    "supply-keys": N_("Keys of the office"),
    "supply-list": N_("List of revoked and used permits"),
    "list-age": N_("{made} ({ago})"),
    "list-none": N_("none on this phone"),
    "list-fresh": N_("The list of revoked and used permits was made {ago}."),
    "list-stale": N_(
        "The list of revoked and used permits is old: made {made}, to be trusted until {fresh}. "
        "A permit may have been revoked or used since. Download a new one when you can."
    ),
    "list-missing": N_(
        "There is no list of revoked and used permits on this phone: whether this one was revoked "
        "or used cannot be told."
    ),
    "told-double": N_(
        "Permit {number} had been used already. {where} The office knows of the double use."
    ),
    "told-not-departed": N_("Permit {number}: the office could not take the departure in ({why})."),
    "elsewhere": N_("another post"),
    "used-where": N_("Used on {at} at {place}."),
    "used-unknown": N_("The signed list says that it was used. Where is not known on this phone."),
}

_VERDICT = {
    "verdict.valid": N_("Signed by the office"),
    "verdict.altered": N_("FORGED OR ALTERED"),
    "verdict.expired": N_("EXPIRED"),
    "verdict.revoked": N_("REVOKED"),
    "verdict.used": N_("USED BEFORE"),
    "verdict.replaced": N_("REPLACED BY A NEWER PAPER"),
    "verdict.wrong-key": N_("NOT A KEY OF THE OFFICE"),
    "verdict.wrong-host": N_("NOT A CODE OF THIS OFFICE"),
    "verdict.unreadable": N_("NO READABLE CODE"),
    "todo.valid": N_("Now compare the truck with it: plate, heads, and the animals drawn."),
    "todo.altered": N_(
        "The signature does not fit. Nothing on this paper can be trusted. Do not let it pass."
    ),
    "todo.expired": N_("The last day was {until}. The firm asks the office for an extension."),
    "todo.revoked": N_("The office took this permit back. Do not let it pass."),
    "todo.used": N_("A permit counts once. This is a copy, or the paper of an earlier journey."),
    "todo.replaced": N_("Ask for the newer paper of the same permit and scan that."),
    "todo.wrong-key": N_(
        "It is signed with a key that this phone does not know, or that is revoked. Download the "
        "keys anew; if it stays so, do not let it pass."
    ),
    "todo.wrong-host": N_("The code leads to a strange address. Do not open it in a browser."),
    "todo.unreadable": N_("Without a readable code nothing is proven. Hold it and ask the office."),
}

_FACTS = {
    "signed-number": N_("Permit"),
    "signed-holder": N_("Holder"),
    "signed-plate": N_("Plate"),
    "signed-heads": N_("Heads"),
    "signed-from": N_("From"),
    "signed-to": N_("To"),
    "signed-port": N_("Port"),
    "signed-until": N_("Valid until"),
    "signed-issued": N_("Signed"),
    "signed-kind": N_("Paper"),
    "kind.1": N_("Recommendation, paper no. {version}"),
    "kind.2": N_("SKKH, paper no. {version}"),
    "kind.check": N_("Check"),
    "no-plate": N_("none stated"),
    "heads-line": N_("{heads} {species}: {males} male, {females} female"),
    "position": N_("Number {n}"),
    "of-truck": N_("of {heads}, counted from the front"),
    "animal.on": N_("on the permit"),
    "animal.off": N_("NOT on the permit"),
    "animal.twice": N_("scanned before, for number {n}"),
    "animal.unknown": N_("cannot be compared here"),
    "animal.no-tag": N_("no readable tag"),
    "animal.todo": N_("to be scanned"),
    "all-scanned": N_("All that were drawn are scanned."),
    "seed-line": N_("Seed of the draw: {seed}"),
}

_FINDINGS = {
    "found.altered": N_("The paper is forged or altered."),
    "found.expired": N_("The permit has expired."),
    "found.revoked": N_("The permit is revoked."),
    "found.used": N_("The permit was used before."),
    "found.replaced": N_("A newer paper replaces this one."),
    "found.wrong-key": N_("The paper is not signed with a key of the office."),
    "found.wrong-host": N_("The code is not one of this office."),
    "found.unreadable": N_("The paper has no readable code."),
    "found.not-a-permit": N_("This is the SKKH. The recommendation lets pass: scan that one."),
    "found.more-heads": N_("More heads on the truck than on the permit."),
    "found.other-species": N_("Animals of another species are on the truck."),
    "found.not-on-permit": N_("An animal on the truck is not on the permit."),
    "found.no-tag": N_("An animal that was drawn has no readable tag."),
    "found.not-scanned": N_("Not every animal that was drawn was scanned."),
    "found.not-counted": N_("The heads were not counted."),
    "found.no-plate": N_("The plate was not written down."),
    "found.plate-differs": N_("The plate is another: {signed} on the permit, {seen} on the truck."),
    "found.fewer-heads": N_("Fewer heads on the truck than on the permit."),
    "found.other-port": N_("The permit is for another port: {port}."),
    "found.not-compared": N_("The animals could not be compared with the permit on this phone."),
    "found.stale-list": N_("The list of revoked and used permits was old."),
    "found.papers-missing": N_("The office says that a paper of another office is missing."),
    "found.too-few-days": N_("The office says that the days in the holding ground are not over."),
    "found.slot-missing": N_("The office knows of no departure today at this port."),
    "found.may-not-leave": N_(
        "The office says that an animal of this permit is banned, sick or stolen now: ask there."
    ),
    "found.destination-closed": N_(
        "The office says that the destination is closed now: ask there."
    ),
    "found.drawn-again": N_(
        "Animals of this permit were drawn before on this phone, and nothing was decided."
    ),
    "found.clock-behind": N_(
        "The clock of this phone is behind. Set it right, and scan the paper again."
    ),
    "found.no-list": N_("There was no list of revoked and used permits."),
    "note-needed": N_("Write what explains this, in a few words."),
    "reason-needed": N_("Write the reason in a few words."),
    "decision.pass": N_("Passed"),
    "decision.hold": N_("Held"),
    "decision.refuse": N_("Refused"),
    "saved.check": N_("The check is kept on the phone."),
    "today.pass": N_("passed"),
    "today.hold": N_("held"),
    "today.refuse": N_("refused"),
    "check-line": N_("{number} · {decision}"),
    "minutes-who": N_("Officer"),
    "minutes-when": N_("When"),
    "minutes-where": N_("Post"),
    "minutes-plate": N_("Plate seen"),
    "minutes-counted": N_("Heads counted"),
    "minutes-counted-line": N_("{males} male, {females} female, {others} of another species"),
    "minutes-animals": N_("Animals drawn"),
    "minutes-note": N_("Said by the officer"),
    "minutes-number": N_("Number of this record"),
    "minutes-list": N_("List of revoked and used permits"),
    "minutes-seed": N_("Seed of the draw"),
    "minutes-what": N_("What the code said"),
    "office-said": N_("The office"),
    "outcome.departed": N_("took the departure in"),
    "outcome.double-use": N_("found a DOUBLE USE"),
    "outcome.not-departed": N_("could not take the departure in"),
    "office.permit-used": N_("used up before"),
    "office.permit-expired": N_("expired"),
    "office.permit-revoked": N_("revoked"),
    "office.too-many-heads": N_("more heads than the permit is for"),
    "office.papers-missing": N_("a paper of another office is missing"),
    "office.too-few-days": N_("the days in the holding ground are not over"),
    "office.slot-missing": N_("no departure is booked"),
    "office.no-permit": N_("no permit of ours"),
    "office.paper-not-proved": N_("not what the office signed"),
    "outcome.stopped": N_("has the check"),
}

WORDS = {**SHARED, **_FRAME, **_VERDICT, **_FACTS, **_FINDINGS}
