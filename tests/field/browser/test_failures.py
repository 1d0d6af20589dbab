"""The thirty ways in which field apps are known to lose records, and what proves that ours does
not: of each at least one test, and every test that is named is there."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
STORAGE, TABS, NETWORK = ("field/browser/test_" + name for name in ("storage", "tabs", "network"))
PEOPLE, READING, SECRETS = (
    "field/browser/test_" + name for name in ("people", "reading", "secrets")
)
DOOR, PHONES, KINDS, OFFICE = (
    f"field/test_{name}" for name in ("door", "devices", "kinds", "office")
)
UNDO, VETS = "field/test_undo", "vaccinations/test_services"
MOVES = "vaccinations/stock/test_moves"
SAVING, SENDING, KEEPING, COUNTING = (
    f"js/{name}.test.mjs" for name in ("saving", "sending", "keeping", "counting")
)

CASES: dict[int, tuple[str, list[tuple[str, str]]]] = {
    1: ("killed in the middle of saving", [
        (STORAGE, "test_killed_while_it_saves"),
        (STORAGE, "test_killed_again_and_again_and_then_sent"),
        (SAVING, "killed between the journal and the database: the record is there once"),
    ]),
    2: ("the battery comes off", [(STORAGE, "test_every_write_waits_for_the_disk")]),
    3: ("the phone is full", [
        (STORAGE, "test_a_full_phone_loses_nothing"),
        (SAVING, "a full journal stops the work and leaves nothing behind"),
    ]),
    4: ("the browser or somebody cleared the storage", [
        (STORAGE, "test_after_the_storage_was_cleared_the_journal_brings_all_back"),
        (STORAGE, "test_cleared_while_it_was_off"),
        (SAVING, "a cleared localStorage is filled again out of the database"),
        (DOOR, "test_gaps_are_told_and_filled_and_a_second_use_of_a_number_is_found"),
        (PHONES, "test_missing_numbers"),
    ]),
    5: ("the connection to the database is lost", [
        (SAVING, "a lost connection is opened once more"),
        (SAVING, "after a fault nothing is taken, also not into a new empty database"),
    ]),
    6: ("a double tap", [
        (READING, "test_a_double_tap_is_one_record_and_the_last_can_be_undone"),
        (SAVING, "a double tap is one record"),
    ]),
    7: ("two windows at once", [
        (TABS, "test_two_windows_give_no_number_twice_and_send_each_record_once"),
        (SAVING, "two tabs never give one number twice"),
        (SENDING, "two tabs that flush at once send each record once"),
        (DOOR, "test_two_batches_at_once_have_one_verdict_a_record"),
    ]),
    8: ("the answer is lost after the commit", [
        (NETWORK, "test_an_answer_lost_after_the_server_took_the_records"),
        (DOOR, "test_doses_are_recorded_once_however_often_they_are_sent"),
    ]),
    9: ("a broken server, a proxy's page, a captive portal", [
        (NETWORK, "test_whatever_answers_in_the_place_of_the_server_changes_nothing"),
        (SENDING, "500 after half of the batch was committed: the rest follows, nothing twice"),
    ]),
    10: ("a network too slow to answer", [
        (NETWORK, "test_a_line_so_slow_that_the_app_gives_up_and_tries_again"),
        (SENDING, "an answer that never comes is a timeout"),
    ]),
    11: ("one bad record among good ones", [
        (SENDING, "a record that the server cannot swallow is found and put by"),
        (DOOR, "test_what_cannot_be_read_is_rejected_and_kept_and_harms_no_neighbour"),
    ]),
    12: ("the sign-in is over while offline", [
        (PEOPLE, "test_the_sign_in_of_the_phone_is_over"),
        (KEEPING, "an expired token is renewed by who it belongs to"),
    ]),
    13: ("a stale token of a form", [
        (PHONES, "test_the_cookie_alone_is_no_phone"),
        (PEOPLE, "test_the_sign_in_of_the_phone_is_over"),
    ]),
    14: ("the officer was dismissed meanwhile", [
        (PEOPLE, "test_who_lost_the_office_gets_nothing_more_and_loses_no_record"),
        (DOOR, "test_revoked_closed_and_moved_officers_lose_nothing"),
    ]),
    15: ("signing out with unsent records, and a shared phone", [
        (PEOPLE, "test_nobody_signs_out_while_a_record_is_unsent"),
        (PEOPLE, "test_two_officers_share_a_phone"),
    ]),
    16: ("a clock that is wrong by a year", [
        (PEOPLE, "test_a_clock_that_is_a_year_off"),
        (DOOR, "test_an_hour_that_cannot_be_is_found_and_the_dose_recorded"),
    ]),
    17: ("two vets and one animal", [
        (DOOR, "test_a_second_dose_on_one_day_is_kept_as_a_double_and_told"),
        (VETS, "test_of_two_vets_at_once_both_are_kept_and_one_is_the_double"),
    ]),
    18: ("one vet and the same animal twice", [
        (READING, "test_the_camera_counts_each_animal_once_and_takes_nothing_else_for_one"),
        (COUNTING, "the same tag twice is one record"),
    ]),
    19: ("an unknown tag", [
        (READING, "test_an_unknown_tag_is_recorded_and_matched_when_its_animal_is_registered"),
        (OFFICE, "test_an_unknown_tag_is_taken_in_after_the_animal_was_registered"),
    ]),
    20: ("the animal was sold or died meanwhile", [
        (DOOR, "test_a_dose_for_an_animal_that_is_gone_is_recorded_and_told"),
    ]),
    21: ("the lot expired or is used up", [
        (KINDS, "test_counted_heads_use_doses_and_are_remarked_like_doses"),
        (MOVES, "test_what_was_given_is_never_refused_and_a_short_bag_is_named"),
    ]),
    22: ("a new release with a queue and an old window", [
        (TABS, "test_a_new_release_comes_while_records_wait_and_an_old_window_is_open"),
        (SAVING, "a newer app or a wipe elsewhere closes this one"),
        (DOOR, "test_what_stands_in_the_way_of_one_record_is_told_of_that_one"),
    ]),
    23: ("a broken service worker", [
        (TABS, "test_a_broken_release_is_taken_back_by_the_kill_switch"),
    ]),
    24: ("a cache that serves an old service worker", [
        (TABS, "test_the_worker_is_asked_for_anew_each_time"),
    ]),
    25: ("a correction of what was sent", [
        (SAVING, "taken back twice is taken back once, and a correction is an undo"),
        (UNDO, "test_of_two_doses_the_other_counts_when_the_first_is_taken_back"),
        (DOOR, "test_the_same_number_with_other_content_is_kept_beside_the_first"),
    ]),
    26: ("the server was restored from a backup", [
        (SENDING, "a server that was restored gets its records again"),
        (PHONES, "test_asking_again_after_a_restore"),
        (DOOR, "test_what_the_office_asked_for_again_is_answered_until_it_comes"),
    ]),
    27: ("a code that is no tag of ours", [
        (READING, "test_the_camera_counts_each_animal_once_and_takes_nothing_else_for_one"),
        (COUNTING, "what names no animal is kept once, with why"),
    ]),
    28: ("no camera", [(READING, "test_without_a_camera_the_codes_are_typed")]),
    29: ("a lost phone", [
        (SECRETS, "test_nothing_personal_lies_on_the_phone_in_clear"),
        (PEOPLE, "test_a_revoked_phone_hands_everything_in_and_forgets_it"),
        (KEEPING, "a wrong PIN opens nothing and slows down, also after a restart"),
    ]),
    30: ("a week offline", [
        (NETWORK, "test_a_week_without_network_ends_in_the_dark_and_then_all_is_sent"),
        (SENDING, "a week offline: 300 records, told as they go"),
    ]),
}  # fmt: skip


@pytest.mark.parametrize("case", range(1, 31))
def test_each_case_has_its_tests(case: int):
    sentence, proofs = CASES[case]
    assert sentence
    assert proofs
    assert [proof for proof in proofs if not _is_there(*proof)] == []


def _is_there(file: str, name: str) -> bool:
    path = TESTS / (file if file.endswith(".mjs") else f"{file}.py")
    if not path.exists():
        return False
    opening = rf"test\([`\"]{re.escape(name)}" if path.suffix == ".mjs" else rf"^def {name}\("
    return re.search(opening, path.read_text(), re.MULTILINE) is not None


def test_there_are_thirty():
    assert sorted(CASES) == list(range(1, 31))
