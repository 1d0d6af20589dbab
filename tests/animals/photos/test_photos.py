"""Photos of an animal: kept, shown to whom they may be, removed with a trace."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from sijinak.accounts.models import Role
from sijinak.animals.models import Animal, AnimalState
from sijinak.animals.photos.models import AnimalPhoto, PhotoView
from sijinak.animals.photos.queries import photos_of
from sijinak.animals.photos.services import (
    MOST_PHOTOS,
    AddPhoto,
    RemovePhoto,
    TooManyPhotos,
    add_photo,
    remove_photo,
)
from sijinak.animals.services import NotPresent
from sijinak.core.db import Clash, db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.events import Event
from sijinak.core.permissions import OPERATOR, Actor
from sijinak.files.models import StoredFile
from sijinak.files.pictures import Picture
from tests.animals.factories import make_animal
from tests.animals.states import become, die
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK, LUNYUK_ODE, actor_for, make_user, signed_in
from tests.files.pictures import photo

PICTURE = Picture(b"large", b"small", 1280, 960)


def adding(animal: Animal, **fields: Any) -> AddPhoto:
    defaults: dict[str, Any] = {
        "animal_id": animal.id, "view": PhotoView.MUZZLE, "picture": PICTURE,
    }  # fmt: skip
    return AddPhoto(**{**defaults, **fields})


def add(command: AddPhoto, *, by: Actor = OPERATOR) -> AnimalPhoto:
    with transaction():
        return add_photo(command, by=by)


def remove(kept: AnimalPhoto, *, by: Actor = OPERATOR) -> None:
    with transaction():
        remove_photo(RemovePhoto(animal_id=kept.animal_id, photo_id=kept.id), by=by)


def test_the_same_click_twice_adds_once(context: Flask):
    animal, _ = make_animal()
    same = adding(animal)
    assert add(same).id == add(same).id
    assert db.session.scalar(select(func.count(StoredFile.id))) == 1
    assert [kept.id for kept in photos_of([animal.id], by=OPERATOR)] == [same.id]


def test_a_removed_photo_is_gone_for_all_but_auditors_and_leaves_a_line(context: Flask):
    animal, _ = make_animal()
    vet, auditor = actor_for(Role.VET, LUNYUK), actor_for(Role.AUDITOR)
    kept = add(adding(animal), by=vet)
    for _ in range(2):
        remove(kept, by=vet)
    assert photos_of([animal.id], by=vet) == []
    (seen,) = photos_of([animal.id], by=auditor)
    assert (seen.removed_by, seen.removed_at is not None) == (vet.id, True)
    names = select(Event.name).where(Event.subject_id == animal.id).order_by(Event.id)
    assert list(db.session.scalars(names))[1:] == ["animal.photo-added", "animal.photo-removed"]


def test_twenty_photos_are_enough_and_a_removed_one_makes_room(context: Flask):
    animal, _ = make_animal()
    kept = [add(adding(animal)) for _ in range(MOST_PHOTOS)]
    with pytest.raises(TooManyPhotos):
        add(adding(animal))
    remove(kept[0])
    add(adding(animal))


def test_of_two_who_add_the_last_photo_at_once_one_is_refused(context: Flask):
    animal, _ = make_animal()
    for _ in range(MOST_PHOTOS - 1):
        add(adding(animal))
    together = Barrier(2)

    def one(_: int) -> str:
        with context.app_context():
            together.wait()
            try:
                add(adding(animal))
            except (TooManyPhotos, Clash):
                return "refused"
            return "kept"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, range(2))) == ["kept", "refused"]


def test_a_carcass_is_proved_but_a_withdrawn_animal_takes_no_photo(context: Flask):
    animal, _ = make_animal()
    die(animal)
    add(adding(animal, view=PhotoView.CARCASS))
    become(animal, AnimalState.WITHDRAWN)
    with pytest.raises(NotPresent):
        add(adding(animal))


def test_only_who_registers_there_may_add_and_remove(context: Flask):
    animal, other = make_animal()[0], make_animal()[0]
    kept = add(adding(animal))
    for actor, error in (
        (actor_for(Role.VET, LUNYUK_ODE), NotFound),
        (actor_for(Role.AUDITOR), Forbidden),
        (actor_for(Role.TRADER, keeper_id=animal.keeper_id), Forbidden),
    ):
        with pytest.raises(error):
            add(adding(animal), by=actor)
        with pytest.raises(error):
            remove(kept, by=actor)
    with pytest.raises(NotFound), transaction():
        remove_photo(RemovePhoto(animal_id=other.id, photo_id=kept.id), by=OPERATOR)


def sent(page: str, picture: bytes, **fields: str) -> dict[str, Any]:
    return {
        "id": id_on(page.split('enctype="multipart')[1]),
        "view": "left-side",
        "picture": (BytesIO(picture), "IMG_2611.jpg"),
        **fields,
    }


def test_a_vet_sends_a_photo_and_only_those_in_reach_see_it(app: Flask):
    with app.app_context():
        animal, _ = make_animal()
        vet, elsewhere = (
            signed_in(app, make_user(Role.VET, region)) for region in (LUNYUK, LUNYUK_ODE)
        )
        owner = signed_in(app, make_user(Role.TRADER, keeper_id=animal.keeper_id))
    url = f"/ternak/{animal.id}/foto"
    typed = sent(vet.get(url).text, photo())
    for _ in range(2):
        typed["picture"] = (BytesIO(photo()), "IMG_2611.jpg")
        assert form_post(vet, url, **typed).location == url
    page = vet.get(url).text
    assert page.count("<img") == 1
    for size, width in (("kecil", 320), ("besar", 1280)):
        address = f"/ternak/foto/{typed['id']}/{size}"
        assert address in page
        shown = vet.get(address)
        assert shown.mimetype == "image/jpeg"
        assert shown.headers["X-Content-Type-Options"] == "nosniff"
        assert shown.headers["Cache-Control"] == "private, max-age=3600"
        assert Image.open(BytesIO(shown.data)).width == width
        again = vet.get(address, headers={"If-None-Match": shown.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert owner.get(address).status_code == 200
        assert elsewhere.get(address).status_code == 404
        assert app.test_client().get(address).status_code == 302


def test_a_vet_removes_a_photo_on_the_page_but_the_owner_cannot(app: Flask):
    with app.app_context():
        animal, _ = make_animal()
        kept = add(adding(animal))
        vet = signed_in(app, make_user(Role.VET, LUNYUK))
        owner = signed_in(app, make_user(Role.TRADER, keeper_id=animal.keeper_id))
    url, remove_url = f"/ternak/{animal.id}/foto", "/ternak/foto/hapus"
    assert remove_url not in owner.get(url).text
    page = vet.get(url).text
    typed: dict[str, Any] = {"id": id_on(page), "animal_id": animal.id, "photo_id": kept.id}
    assert form_post(vet, remove_url, **{**typed, "photo_id": "x"}).status_code == 404
    assert form_post(vet, remove_url, **typed).location == url
    assert vet.get(f"/ternak/foto/{kept.id}/kecil").status_code == 404


def test_what_is_no_photo_is_said_beside_the_field_and_the_answer_stays(app: Flask):
    with app.app_context():
        animal, _ = make_animal()
        vet = signed_in(app, make_user(Role.VET, LUNYUK))
    url = f"/ternak/{animal.id}/foto"
    page = vet.get(url).text
    for picture, name in ((b"<svg/>", "x.jpg"), (b"", ""), (b"", "empty.jpg"), (photo()[:500], "")):
        typed = sent(page, picture)
        if picture or name:
            typed["picture"] = (BytesIO(picture), name or "cut.jpg")
        refused = form_post(vet, url, **typed)
        assert refused.status_code == 422
        assert 'id="error-picture"' in refused.text
        assert 'value="left-side" checked' in refused.text
    assert form_post(vet, url, **{**sent(page, photo()), "view": "x"}).status_code == 422
