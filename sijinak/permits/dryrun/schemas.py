"""The form of a dry run. Without an account less is asked, and the gathering may stay open."""

from dataclasses import dataclass
from datetime import date

from flask import request
from marshmallow import EXCLUDE, ValidationError, fields, validate

from sijinak.animals.imports.table import UnreadableList
from sijinak.animals.models import Species
from sijinak.areas.queries import ports
from sijinak.areas.schemas import KNOWN_DESTINATION, KNOWN_VILLAGE
from sijinak.core.clock import today
from sijinak.permits.dryrun.lists import MOST_TAGS, Tags, tags_in, texts_of
from sijinak.permits.finding_words import DAY_OVER
from sijinak.permits.rules.models import Purpose
from sijinak.web.fields import A_DAY, CHOOSE, TOO_LONG
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, InputSchema, read_form

MOST_SHOWN = 5  # texts that are no codes, in the sentence about them


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A journey as it was filled in; its tags are read apart."""

    species: Species
    purpose: Purpose
    destination: str
    region: str = ""
    port: str = ""
    planned_on: date
    sale_letter: str = ""


def _still_to_come(day: date) -> None:
    if day < today():
        raise ValidationError(DAY_OVER)


def _known_port(code: str) -> None:
    if code not in {port.code for port in ports()}:
        raise ValidationError(N_("Choose one."))


class WantedSchema(InputSchema[Wanted]):
    makes = Wanted

    class Meta:
        unknown = EXCLUDE  # the tags and the file beside it

    species = fields.Enum(Species, by_value=True, required=True, error_messages=CHOOSE)
    purpose = fields.Enum(Purpose, by_value=True, required=True, error_messages=CHOOSE)
    destination = fields.String(required=True, validate=KNOWN_DESTINATION, error_messages=CHOOSE)
    region = fields.String(load_default="", validate=KNOWN_VILLAGE)
    port = fields.String(load_default="", validate=_known_port)
    planned_on = fields.Date(required=True, validate=_still_to_come, error_messages=A_DAY)
    sale_letter = fields.String(load_default="", validate=validate.Length(max=80, error=TOO_LONG))


class ApplicantSchema(WantedSchema):
    """Of what passes a draft can be made at once: that needs a village and a port."""

    region = fields.String(required=True, validate=KNOWN_VILLAGE, error_messages=CHOOSE)
    port = fields.String(required=True, validate=_known_port, error_messages=CHOOSE)


def read_wanted(schema: WantedSchema) -> tuple[Form[Wanted], tuple[str, ...]]:
    """The form, and the tags of its text and its file. What is wrong stands in the form."""
    form = read_form(schema)
    tags = _tags(form)
    _refuse_tags(form, tags)
    if form.value and form.value.region.startswith(f"{form.value.destination}."):
        said = N_("The destination must lie outside the regency.")
        form.errors.setdefault("destination", []).append(said)
    if form.errors:
        form.value = None
    return form, tags.codes


def _tags(form: Form[Wanted]) -> Tags:
    texts = [form.raw.get("tags", "")]
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        try:
            texts += texts_of(upload)
        except UnreadableList as error:
            form.refuse(error, "file")
    return tags_in(texts)


def _refuse_tags(form: Form[Wanted], tags: Tags) -> None:
    """Whatever came by file stands in the text from here on: it can be mended there."""
    form.raw["tags"] = "\n".join((*tags.codes, *tags.unread))
    if tags.unread:
        some = ", ".join(tags.unread[:MOST_SHOWN])
        form.errors["tags"] = [
            _("These are no tag codes: %(some)s. Compare them.", some=some[:200])
        ]
    elif len(tags.codes) > MOST_TAGS:
        form.errors["tags"] = [_("At most %(most)s animals.", most=MOST_TAGS)]
    elif not tags.codes and "file" not in form.errors:
        form.errors["tags"] = [N_("Enter at least one tag code.")]
