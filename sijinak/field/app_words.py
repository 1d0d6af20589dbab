"""Every sentence that the scripts of the phone app say, by its code; {name} is filled in there."""

from sijinak.web.i18n import N_

_FRAME = {
    "app": N_("SiJINAK in the field"),
    "just-now": N_("just now"),
    "load-again": N_("Load again"),
    "try-again": N_("Try again"),
    "update-ready": N_("A new version of the app is ready. Your records stay."),
    "update": N_("Renew now"),
    "erased": N_(
        "The browser erased the data of this app. {n} records that were not sent were saved; "
        "download the work pack again and tell your office."
    ),
    "fault.storage-full": N_(
        "The phone is full: no record is taken. What you recorded is safe. Free some space, "
        "such as photos or videos, then try again."
    ),
    "fault.storage-broken": N_(
        "The storage of the phone does not answer: no record is taken. Close the app, open it "
        "again, and send what waits."
    ),
    "fault.storage-erased": N_(
        "The browser erased the data of this app while you worked: no record is taken. Try again "
        "to bring back what was not sent."
    ),
    "fault.storage-outdated": N_("A newer version of the app is open. Load this page again."),
    "fault.storage-blocked": N_(
        "Another window of the app is in the way. Close it, then try again."
    ),
    "fault.journal-full": N_("Too much is unsent: no record is taken. Send first, then try again."),
    "fault.other": N_("No record is taken: something is wrong with this phone ({code})."),
    "unsent": N_("not sent yet"),
    "n-unsent": N_("{n} unsent"),
    "all-sent": N_("unsent – all is with the office"),
    "n-need-you": N_("{n} records need you"),
    "sending": N_("Sending…"),
    "sent-all": N_("All was received, {at}"),
    "sent-some": N_("{n} received, {waiting} still wait"),
    "sending-of": N_("{done} of {total} received…"),
    "phone-wiped": N_("The office signed this phone out. All records were received and erased."),
}

_TROUBLE = {
    "trouble.offline": N_("No network. The records wait on the phone."),
    "trouble.timeout": N_("The network is too slow. The records wait; it goes on by itself."),
    "trouble.server": N_("The server does not answer. The records wait; it goes on by itself."),
    "trouble.portal": N_(
        "Somebody else answered, such as the sign-in page of a Wi-Fi. The records wait."
    ),
    "trouble.sign-in": N_(
        "Sign in with your account and renew the sign-in of this phone (“Phone”). The records wait."
    ),
    "trouble.sign-in-again": N_("Sign in once more with your password, then try again."),
    "trouble.locked": N_("Open the app with your PIN first."),
    "trouble.storage": N_("The storage of the phone does not answer. See the red message."),
    "trouble.unsent": N_("Records are unsent. Send them or save them as a file first."),
    "trouble.other-owner": N_("This phone belongs to another officer. Sign in as that officer."),
    "trouble.other-keys": N_("The server knows this phone with another key. Set it up anew."),
    "trouble.device-unknown": N_("The server does not know this phone. Renew its sign-in."),
    "trouble.device-expired": N_("The sign-in of this phone is over. Renew it under “Phone”."),
    "trouble.device-revoked": N_("The office signed this phone out."),
    "trouble.account-closed": N_("Your account is closed. Ask your office."),
    "trouble.pack-too-large": N_("That is too much at once. Choose fewer villages."),
    "trouble.forbidden": N_("Your account may not do this. Ask your office."),
}

_PHONE = {
    "pin-easy": N_("That is too easy to guess. Choose another."),
    "pin-differs": N_("The two are not the same."),
    "pin-wrong": N_("That is not the PIN."),
    "pin-wait": N_("Too many tries. Wait {n} seconds."),
    "whose": N_("Phone: {name}"),
    "other-waiting": N_("Another outbox on this phone – {n} unsent"),
    "gate-refused": N_(
        "The browser has not agreed yet. Open the app from the home screen, then tap again."
    ),
    "phone-name": N_("Name"),
    "phone-of": N_("Officer"),
    "signed-in-until": N_("Signed in until"),
    "version": N_("Version {version}"),
    "renewed": N_("The sign-in was renewed."),
    "exported": N_("Saved as {name}. Bring it to your office; the records stay here until sent."),
    "sign-out-refused": N_("{n} records are unsent. Send them first, or save them as a file."),
    "sign-out-sure": N_("Erase everything of yours on this phone?"),
    "pack-line": N_("{animals} animals, {villages} villages, {ago}"),
    "pack-none": N_("none yet: download it before you go"),
    "pack-made": N_("Made"),
    "pack-animals": N_("Animals"),
    "pack-villages": N_("Villages"),
    "pack-size": N_("Size"),
    "pack-taken": N_("The pack is on the phone. You can work without a network."),
    "pack-progress": N_("{done} of {total} villages, {size}"),
    "choose-village": N_("Choose at least one village."),
}

_FORMS = {
    "fill-in": N_("Fill this in."),
    "choose": N_("Choose one."),
    "choose-one": N_("– choose –"),
    "between": N_("From {least} to {most}."),
    "not-understood": N_("This is not understood."),
    "code-wrong": N_("A tag code has ten letters and digits. Look again at the tag."),
    "n-found": N_("– {n} found –"),
    "no-campaign": N_("– outside a campaign –"),
    "work-needs-pack": N_("Download the work pack first: it holds villages, vaccine and animals."),
    "lot-typed": N_("Another lot – type it"),
    "lot-line": N_("{number} · until {until} · {doses} doses"),
    "lot-line-expired": N_("{number} · EXPIRED {until}"),
    "lot-expired": N_("This lot expired on {on}. Do not use it; take another."),
    "village-outbreak": N_("{name} – outbreak: {diseases}"),
    "not-known": N_("not known"),
    "saved.heads": N_("The heads are kept on the phone."),
    "saved.result": N_("Kept on the phone: not vaccinated."),
    "saved.reaction": N_("The reaction is kept on the phone."),
    "saved.registration": N_("The registration is kept on the phone."),
    "saved.link": N_("The number is kept for its animal."),
    "saved.waste": N_("The waste is kept on the phone."),
    "saved.temperature": N_("The temperature is kept on the phone."),
}

_SCAN = {
    "camera-denied": N_("The camera is not allowed. Allow it in the browser, or type the code."),
    "camera-none": N_("No camera here. Type the code."),
    "tone.go": N_("Vaccinated"),
    "tone.look": N_("Recorded – look"),
    "tone.stop": N_("Stop"),
    "tone.again": N_("Already counted"),
    "tone.strange": N_("Not one of our tags"),
    "kept-on-phone": N_("Kept on the phone."),
    "passed": N_("Skipped, nothing recorded"),
    "taken-back": N_("Taken back"),
    "taken-back-anew": N_("Taken back. Record it anew if it needs it."),
    "not-kept": N_("NOT kept"),
    "last-dose": N_("Last against {disease}: {on}"),
    "no-dose-yet": N_("Never against {disease} yet"),
    "reason.due": N_("Due now."),
    "reason.first-dose": N_("First dose."),
    "reason.counted": N_("This tag was counted in this round."),
    "reason.kept": N_("It was kept before."),
    "reason.done-today": N_("This phone did it today already."),
    "reason.given-today": N_("A colleague did it today already."),
    "reason.not-present": N_("In the books this animal is: {state}."),
    "reason.ships-soon": N_("It leaves on {ships}; the label asks for {days} days before that."),
    "reason.too-young": N_("Too young: the label says from {months} months."),
    "reason.pregnant-forbidden": N_("Pregnant: the label forbids it."),
    "reason.no-dose-for-species": N_("The label knows no dose for {species}."),
    "reason.pregnant-avoid": N_("Pregnant: the label advises against it."),
    "reason.ask-pregnant": N_("Is she pregnant? The label forbids it then."),
    "reason.not-yet-due": N_("Not due before {due}."),
    "reason.other-village": N_("It belongs to {village}, outside this campaign."),
    "reason.unknown-tag": N_("Not in your work pack. The dose is kept; the office looks at it."),
    "reason.is-foreign": N_("A tag of another regency. It is kept for the office."),
    "reason.is-permit": N_("This is a shipping permit, no animal."),
    "reason.is-payment": N_("This is a payment code, no animal."),
    "reason.mistyped": N_(
        "This is no tag code: a letter or digit is wrong. Compare it with the tag."
        " If it says just that, type it once more and it is kept."
    ),
    "reason.is-number": N_("A number that nobody knows yet, such as a national ear tag."),
    "reason.is-other": N_("Another code. Is it an ear tag? Then link it to its animal."),
}

_CODES = {
    "sex.m": N_("male"), "sex.f": N_("female"),
    "species.cattle": N_("cattle"), "species.buffalo": N_("buffalo"), "species.horse": N_("horse"),
    "species.goat": N_("goat"), "species.sheep": N_("sheep"), "species.pig": N_("pig"),
    "disease.pmk": N_("foot-and-mouth disease"), "disease.lsd": N_("lumpy skin disease"),
    "disease.se": N_("septicaemia"), "disease.anthrax": N_("anthrax"),
    "disease.brucellosis": N_("brucellosis"), "disease.rabies": N_("rabies"),
    "disease.jembrana": N_("Jembrana disease"),
    "animal.stolen": N_("stolen"), "animal.dead": N_("dead"),
    "animal.slaughtered": N_("slaughtered"), "animal.merged": N_("registered twice"),
    "animal.withdrawn": N_("withdrawn"),
}  # fmt: skip

_RECORDS = {
    "state.saved": N_("Kept on the phone"),
    "state.sent": N_("Sent, not answered yet"),
    "state.received": N_("Received"),
    "state.needs-you": N_("Needs you"),
    "state.undone": N_("Taken back"),
    "n-photos": N_("{n} photos unsent"),
    "sums": N_("{saved} unsent · {received} received · {needs} need you"),
    "when-line": N_("{when} · no. {seq}"),
    "n-heads": N_("{n} head"),
    "n-doses": N_("{n} doses"),
    "today.doses": N_("animals vaccinated"),
    "today.heads": N_("heads without tags"),
    "today.missed": N_("not vaccinated"),
    "today.unknown": N_("unknown tags"),
    "kind.vaccination": N_("Vaccination"), "kind.heads": N_("Heads"),
    "kind.result": N_("Not vaccinated"), "kind.reaction": N_("Reaction"),
    "kind.undo": N_("Taken back"), "kind.unknown": N_("Unknown tag"),
    "kind.link": N_("Number linked"), "kind.registration": N_("Registration"),
    "kind.waste": N_("Vaccine wasted"), "kind.temperature": N_("Temperature"),
    "kind.inspected": N_("Inspection"), "kind.vehicle": N_("Vehicle"),
    "kind.inspection-done": N_("Inspection finished"),
    "in-review": N_("Received; the office looks at it: {why}"),
    "receipt": N_("{number}, {at}"),
    "receipt-unchecked": N_("{number}, {at} (this phone cannot check it)"),
    "fact.at": N_("Recorded"), "fact.place": N_("Place"), "fact.metres": N_("known to {m} m"),
    "fact.seq": N_("Number on this phone"), "fact.receipt": N_("Receipt number"),
    "fact.id": N_("Id"),
    "fact.code": N_("Tag"), "fact.product": N_("Vaccine"), "fact.lot": N_("Lot"),
    "fact.village": N_("Village"), "fact.hamlet": N_("Hamlet"), "fact.species": N_("Species"),
    "fact.heads": N_("Heads"), "fact.disease": N_("Against"), "fact.outcome": N_("Outcome"),
    "fact.reason": N_("Reason"), "fact.next_visit": N_("Come again on"), "fact.signs": N_("Signs"),
    "fact.severity": N_("How bad"), "fact.treatment": N_("Given for it"), "fact.note": N_("Note"),
    "fact.text": N_("What was read"), "fact.name": N_("Owner"), "fact.breed": N_("Breed"),
    "fact.sex": N_("Sex"), "fact.colour": N_("Colour"), "fact.doses": N_("Doses"),
    "fact.tenths": N_("Degrees Celsius"), "fact.special_marks": N_("Special marks"),
    "fact.horns": N_("Horns"), "fact.why": N_("Why"), "fact.as": N_("As"),
    "fact.read": N_("Read by"),
    "vaccination.read.scan": N_("camera"), "vaccination.read.typed": N_("typing"),
    "result.outcome.refused": N_("refused"), "result.outcome.absent": N_("absent"),
    "result.outcome.not-caught": N_("not caught"),
    "reaction.severity.mild": N_("mild"), "reaction.severity.severe": N_("severe"),
    "reaction.severity.died": N_("died"),
    "unknown.why.not-known": N_("not known"), "unknown.why.not-ours": N_("not ours"),
    "unknown.why.unreadable": N_("unreadable"),
    "link.as.eartag": N_("national ear tag"), "link.as.rfid": N_("electronic number"),
    "link.as.old-card": N_("old card"),
    "waste.reason.broken": N_("bottle broken"),
    "waste.reason.animal-fought": N_("the animal fought the needle"),
    "waste.reason.opened-too-long": N_("open for too long"),
    "waste.reason.too-warm": N_("it became too warm"), "waste.reason.frozen": N_("it froze"),
    "waste.reason.expired": N_("past its date"), "waste.reason.other": N_("another reason"),
}  # fmt: skip

_WHY = {
    "why.unknown-tag": N_("The tag names no animal yet."),
    "why.unknown-text": N_("Nobody knows what was read."),
    "why.unknown-product": N_("The vaccine is not in the books."),
    "why.unknown-lot": N_("The lot is not in the books."),
    "why.owner-missing": N_("The owner is missing."),
    "why.needs-retag": N_("The animal needs a new tag."),
    "why.out-of-reach": N_("It lies outside your villages."),
    "why.other-author": N_("Another officer made it."),
    "why.other-device": N_("Another phone made it."),
    "why.not-yours": N_("What it takes back is not yours."),
    "why.cannot-undo": N_("It cannot be taken back any more."),
    "why.unknown-version": N_("It was made by another version of the app."),
    "why.device-revoked": N_("The phone was signed out."),
    "why.account-closed": N_("The account was closed."),
    "why.conflict": N_("The server has something else under its id."),
    "why.rejected": N_("The server cannot read it."),
    "why.unsendable": N_("It cannot be sent from here."),
    "why.other": N_("The office must complete it ({code})."),
    "why.nik": N_("The NIK is missing or wrong."),
    "why.nik-missing": N_("The NIK is missing or wrong."),
    "why.tag-taken": N_("Another animal carries this tag."),
    "why.eartag-taken": N_("Another animal has this number."),
    "why.rfid-taken": N_("Another animal has this number."),
    "why.old-card-taken": N_("Another animal has this number."),
    "why.wears-one-already": N_("The animal has such a number already."),
    "todo.unsendable": N_(
        "Save the unsent records as a file (“Phone”) and bring it to the office."
    ),
    "todo.owner-missing": N_("Take it back and record it anew with its owner."),
    "todo.other": N_(
        "Take it back and record it anew, or show it to your office. Nothing is lost meanwhile."
    ),
}

# What the app of the checkpoint says as well.
SHARED = {**_FRAME, **_TROUBLE, **_PHONE, **_FORMS, **_CODES, **_RECORDS, **_WHY}
WORDS = {**SHARED, **_SCAN}
