"""What may be sealed, for whom, and what the sealed file and the report tell."""

import io
import subprocess
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented_interview import arabic, english
from shared_data import REPOSITORY
from vectors.generate import Bag, members_of, sealed, stranger, world
from vectors.world import AT, BODY, PURPOSE, World

from keys.digests import sha256
from keys.errors import KeysError
from keys.signature import RECEIPT
from testimony.bundle import names
from testimony.bundle.findings import Verdict
from testimony.bundle.guides import guide_texts
from testimony.bundle.parcel import Parcel
from testimony.bundle.seal import data_members, exhibit_members, padding_size, seal_bundle
from testimony.bundle.statement import Withheld, parse_statement
from testimony.bundle.tables import index_table, table
from testimony.bundle.unseal import BundleFile
from testimony.canonical import decode
from testimony.card import Card
from testimony.consent import Request, events_from, facts_of, release_for
from testimony.custody.growth import SeenHead
from testimony.errors import BundleError, CardError, ConsentError, LimitExceededError, TestimonyError
from testimony.receipts import parse_receipt
from testimony.report import exit_code, report_json, report_text
from testimony.report_words import CHECK_NAMES, TITLES, VERDICTS
from testimony.text_lines import with_signatures
from testimony.trust import Trust
from testimony.verifier_digest import digest_of_verifier
from testimony.verify import Examination, VerifiedBundle, examine_bundle, verify_bundle


def examined(data: bytes, one: World, **changes: object) -> Examination:
    settings_ = {"trust": Trust.of([one.device.public.fingerprint]), "recipient": one.body.public.recipient}
    return examine_bundle(BundleFile(io.BytesIO(data), [one.body.opener()]), **(settings_ | changes))


@pytest.mark.parametrize("profile", ["full", "pseudonymised", "lead"])
@pytest.mark.parametrize("interview", [english, arabic])
@pytest.mark.parametrize("reviewed", [True, False])
def test_what_is_sealed_verifies_in_every_profile_and_language(profile, interview, reviewed):
    one = World(profile=profile, interview=interview, reviewed=reviewed)
    sealed_, data = one.sealed()
    examination = examined(data, one)
    assert examination.verdict is Verdict.PINNED
    assert examination.sha256 == sealed_.sha256
    assert examination.statement == sealed_.statement
    assert sealed_.size == len(data)


def test_several_records_verify_together_and_exhibits_go_to_the_sink():
    class Kept:
        def __init__(self):
            self.found = {}

        def start(self, name, size):
            self.name, self.size, self.data = name, size, b""

        def write(self, data):
            self.data += data

        def finish(self, sha256):
            self.found[self.name] = (self.size, self.data, sha256)

    one, kept = World(records=3), Kept()
    _, data = one.sealed()
    bundle = verify_bundle(
        BundleFile(io.BytesIO(data), [one.body.opener()]),
        trust=Trust.nobody(),
        recipient=one.body.public.recipient,
        keep=kept,
    )
    assert [record.control_number for record in bundle.records] == ["TST-0000001", "TST-0000011", "TST-0000021"]
    assert bundle.verdict is Verdict.SELF_CONSISTENT
    for record in bundle.records:
        (exhibit,) = record.exhibits
        assert kept.found[exhibit.member] == (exhibit.size, one.exhibit, exhibit.sha256)


@pytest.mark.case("BU-18", "AT-07")
def test_an_archive_among_the_exhibits_is_bytes_and_is_never_unpacked():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../bomb", bytes(1 << 22))
    one = World(exhibit=packed.getvalue())
    _, data = one.sealed()
    assert examined(data, one).verdict is Verdict.PINNED
    assert dict(members_of(data, one.body))[names.exhibit_member("TST-0000002", "png")] == packed.getvalue()


@pytest.mark.case("BU-21")
def test_records_that_together_would_fill_the_memory_are_refused(monkeypatch):
    one = World(records=3)
    _, data = one.sealed()
    size = max(len(content) for name, content in members_of(data, one.body) if name.startswith("data/records/"))
    monkeypatch.setattr("testimony.verify.MAX_RECORDS_SIZE", 2 * size)
    assert ("members", "limit") in {(finding.name, finding.code) for finding in examined(data, one).failures}
    monkeypatch.setattr("testimony.bundle.seal.MAX_RECORDS_SIZE", 2 * size)
    with pytest.raises(LimitExceededError):
        data_members(one.parcel())


def test_the_verifier_names_itself_by_a_digest_that_stock_tools_can_repeat():
    command = "find keys testimony -name '*.py' -o -name '*.json' -o -name '*.typed' | LC_ALL=C sort | xargs sha256sum | sha256sum"
    done = subprocess.run(["bash", "-c", command], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.split(" ")[0] == digest_of_verifier()


def test_the_examples_of_the_format_pages_are_read():
    bundle, receipt = (
        (REPOSITORY / "docs" / "format" / page).read_text(encoding="utf-8")
        for page in ("bundle-v1.md", "receipt-v1.md")
    )
    text = bundle[bundle.index("testimony-vault bundle v1") :].split("```", 1)[0].encode()
    said = parse_statement(text)
    assert said.to_text() == text
    guides = guide_texts(bundle_id=said.bundle_id, signer=said.signer.code, fingerprint=said.signer.fingerprint)
    assert said.guides == tuple(sha256(guide).hex() for guide in guides)
    listed = bundle[bundle.index("```\nbagit.txt") + 4 :].split("```", 1)[0].split()
    assert listed == [name for name, _ in members_of(sealed(), world().body)]
    lines = receipt[receipt.index("testimony-vault receipt v1") :].split("```", 1)[0].encode()
    both = stranger().sign(lines, RECEIPT)
    assert parse_receipt(with_signatures(lines, both)).fingerprint


def test_a_verified_bundle_cannot_be_made_by_hand():
    bundle = verify_bundle(
        BundleFile(io.BytesIO(sealed()), [world().body.opener()]), trust=Trust.nobody(), recipient=None
    )
    with pytest.raises(BundleError, match=r"^not-verified at VerifiedBundle$"):
        replace(bundle, maker=None)
    with pytest.raises(BundleError, match=r"^not-verified at VerifiedBundle$"):
        VerifiedBundle(
            **{name: getattr(bundle, name) for name in VerifiedBundle.__dataclass_fields__} | {"maker": object()}
        )


def seal(parcel: Parcel, **changes: object) -> bytes:
    sink = io.BytesIO()
    one = world()
    seal_bundle(
        parcel,
        **(
            {
                "signer": one.device,
                "signer_card": one.card.to_text(one.device),
                "recipients": [one.body_card],
                "sink": sink,
            }
            | changes
        ),
    )
    return sink.getvalue()


@pytest.fixture(scope="module")
def parcel() -> Parcel:
    return world().parcel()


def test_a_bundle_goes_only_to_the_body_that_consent_names(parcel):
    other = Card(kind="body", code="court-b", practice=True, public=stranger().public)
    for recipients in ([], [other], [world().body_card, other]):
        with pytest.raises(BundleError) as caught:
            seal(parcel, recipients=recipients)
        assert caught.value.code == "recipient"


def test_practice_and_real_never_mix(parcel):
    real = replace(world().body_card, practice=False)
    for changes in (
        {"recipients": [real]},
        {"signer_card": replace(world().card, practice=False).to_text(world().device)},
    ):
        with pytest.raises(BundleError) as caught:
            seal(parcel, **changes)
        assert caught.value.code == "practice"


def test_the_card_must_be_the_signers_own(parcel):
    card = replace(world().card, public=stranger().public).to_text(stranger())
    with pytest.raises(BundleError):
        seal(parcel, signer_card=card)
    with pytest.raises(CardError):
        seal(parcel, signer_card=b"no card")


def test_a_record_without_a_live_yes_cannot_be_released_let_alone_packed():
    one = world()
    record = one.record(0)
    head = one.head(record, 0)
    facts = facts_of(record, bytes.fromhex(head.root))
    for recipient, purpose in (("body-b", PURPOSE), ("paper-c", "advocacy"), (BODY, "advocacy"), ("nobody", PURPOSE)):
        with pytest.raises(ConsentError):
            release_for(
                facts,
                events_from(record.interview, AT),
                Request(recipient=recipient, purpose=purpose, profile="full", at=AT),
            )


def test_a_release_for_another_purpose_or_profile_does_not_fit_the_parcel(parcel):
    for changes in ({"purpose": "advocacy"}, {"profile": "lead"}, {"records": ()}):
        with pytest.raises(BundleError):
            replace(parcel, **changes)


def test_a_release_for_another_version_does_not_fit_the_record():
    one = World(records=1)
    record = one.record(0)
    other = replace(one.head(record, 0), root="00" * 32)
    with pytest.raises(TestimonyError):
        one.packed(record, other)


@pytest.mark.parametrize("conditions", ["", "  \n", "x" * 70_000])
def test_a_bundle_travels_with_conditions(parcel, conditions):
    with pytest.raises(BundleError):
        replace(parcel, conditions=conditions)


@pytest.mark.parametrize("reason", ["", "the witness said no", "a/b", "x" * 60])
def test_a_reason_is_a_code_and_never_a_sentence(reason):
    with pytest.raises(BundleError):
        Withheld(record_id="K7F3-9QZD", reason=reason)


def test_two_records_with_one_control_number_are_refused(parcel):
    twice = replace(parcel, records=(parcel.records[0], replace(parcel.records[0], file=b"{}")))
    with pytest.raises(BundleError, match=r"^control-number at data/"):
        data_members(twice)
    with pytest.raises(BundleError, match=r"^control-number at data/"):
        exhibit_members(replace(parcel, records=parcel.records * 2))


def test_a_sink_that_fails_leaves_a_file_that_does_not_open(parcel):
    class Full(io.BytesIO):
        def write(self, data):
            if self.tell() + len(data) > 500_000:
                raise OSError(28, "No space left on device")
            return super().write(data)

    sink = Full()
    with pytest.raises(OSError, match="No space"):
        seal(parcel, sink=sink)
    assert examined(sink.getvalue(), world()).failures


def test_an_exhibit_that_shrinks_while_it_is_sealed_stops_the_seal(parcel):
    record = parcel.records[0]
    short = replace(record.exhibits[0], open=lambda: io.BytesIO(b"less"))
    with pytest.raises(BundleError) as caught:
        seal(replace(parcel, records=(replace(record, exhibits=(short,)),)))
    assert caught.value.code == "exhibit-size"


@pytest.mark.case("BU-28")
def test_the_sealed_file_tells_neither_who_nor_how_many_read_it(parcel):
    one = world()
    cards = [replace(one.body_card, public=key.public) for key in (one.body, stranger())]
    for recipients in (cards[:1], cards):
        data = seal(parcel, recipients=recipients)
        header = data[: data.index(b"\n--- ")]
        assert header.count(b"\n-> mlkem768x25519 ") == 4
        for card in recipients:
            assert card.public.recipient.encode() not in data
            assert card.code.encode() not in header


def test_both_of_two_recipients_open_the_same_bundle(parcel):
    one = world()
    cards = [replace(one.body_card, public=key.public) for key in (one.body, stranger())]
    data = seal(parcel, recipients=cards)
    assert members_of(data, one.body) == members_of(data, stranger())


@pytest.mark.case("BU-29")
@pytest.mark.parametrize("length", [1, 40, 2000])
def test_a_withheld_value_does_not_show_in_the_size(length):
    def hidden() -> dict:
        value = english()
        value["witness"]["name"]["given"] = "Q" * length
        value["account"]["paragraphs"] = ["Nothing is named here."]
        value["account"]["source_of_knowledge"] = ["experienced"]
        value["mentions"] = []
        return value

    one = World(profile="lead", interview=hidden)
    _, data = one.sealed()
    assert len(data) == len(World(profile="lead").sealed()[1])
    record = dict(members_of(data, one.body))[names.record_member("TST-0000001", names.RECORD)]
    other = World(profile="lead", interview=lambda: hidden() | {"witness": english()["witness"]})
    twin = dict(members_of(other.sealed()[1], other.body))[names.record_member("TST-0000001", names.RECORD)]
    assert len(record) == len(twin)
    assert b"QQQQ" not in b"".join(content for _, content in members_of(data, one.body)).replace(b"A", b"")


def test_the_padded_file_has_one_of_few_lengths():
    assert len(world().sealed()[1]) == len(World(records=2).sealed()[1])
    assert padding_size(0) + 512 + 1024 == 1 << 20


@pytest.mark.case("RF-13")
@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "-1", "@x", "\tx", "|calc", "%x"])
def test_no_cell_of_a_table_starts_a_formula(text):
    assert table(("a",), [(text, 'say "x"')]) == f'"a"\n"\'{text}","say ""x"""\n'.encode()


def test_the_index_lists_records_copies_and_exhibits_with_an_empty_column_for_the_receiver():
    members = {names.text_member("TST-0000001"): ("ab" * 32, 7), names.CONDITIONS: ("cd" * 32, 1)}
    assert index_table(members).decode().splitlines()[1:] == [
        f'"TST-0000001","reading copy","data/text/TST-0000001.txt","7","{"ab" * 32}",""'
    ]


def test_a_log_that_does_not_continue_what_was_seen_before_is_refused():
    head = examined(sealed(), world()).contents.custody.checkpoint
    for size, code in ((3, "unproved-growth"), (head.size, "fork"), (head.size + 1, "unproved-prefix")):
        earlier = SeenHead(size=size, root=bytes(32))
        found = examined(sealed(), world(), seen=lambda _, earlier=earlier: (earlier,))
        assert [(one.name, one.code) for one in found.failures] == [("custody-growth", code)]
        assert found.verdict is Verdict.INVALID


def test_the_report_is_whole_in_both_languages_and_always_the_same():
    assert TITLES["en"].keys() == TITLES["ar"].keys()
    made = {finding.name for finding in examined(sealed(), world()).findings}
    assert CHECK_NAMES["en"].keys() == CHECK_NAMES["ar"].keys() == made
    assert VERDICTS["en"].keys() == VERDICTS["ar"].keys() == set(Verdict)
    first, second = examined(sealed(), world()), examined(sealed(), world())
    for language in ("en", "ar"):
        text = report_text(first, language)
        assert text == report_text(second, language)
        for shown in (first.sha256, first.statement.bundle_id, world().device.public.fingerprint, "K7F3-9QZZ"):
            assert shown in text
    assert report_json(first) == report_json(second)
    assert decode(report_json(first)[:-1], limit=1 << 20, where="report")["exit"] == exit_code(first) == 0


def test_a_report_without_trust_says_that_the_maker_is_not_shown():
    text = report_text(examined(sealed(), world(), trust=Trust.nobody()), "en")
    assert "SELF-CONSISTENT" in text
    assert "no trust file was given" in text
    assert "PRACTICE" in text


@pytest.mark.case("BU-24", "RF-02")
def test_hostile_words_of_a_witness_travel_exactly_and_act_on_nothing():
    hostile = "He said \x1b]52;c;aGk=\x07 and \u202egpj.exe \u2066 <b> {x} %s ' \" $(id)"
    one = World(paragraphs=[hostile])
    _, data = one.sealed()
    examination = examined(data, one)
    assert examination.verdict is Verdict.PINNED
    (paragraph,) = [part for part in examination.contents.records[0].disclosed.paragraphs if hasattr(part, "pieces")]
    assert paragraph.text() == hostile
    copy = dict(members_of(data, one.body))[names.text_member("TST-0000001")].decode()
    assert not set(copy) & set("\x1b\x07\u202e\u2066")
    assert "<U+202E>gpj.exe" in copy


def test_a_consent_past_its_review_date_stops_the_examination_too():
    one = World()
    late = replace(one.parcel(), claimed_time=AT + timedelta(days=800))
    sink = io.BytesIO()
    seal_bundle(
        late, signer=one.device, signer_card=one.card.to_text(one.device), recipients=[one.body_card], sink=sink
    )
    assert {(finding.name, finding.code) for finding in examined(sink.getvalue(), one).failures} == {
        ("consent", "review-due"),
        ("custody-seal", "other-seal-entry"),
    }


def test_the_statement_comes_back_as_it_was_written():
    text = Bag().files[names.STATEMENT]
    assert parse_statement(text).to_text() == text


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_no_mutation_of_a_bundle_escapes_our_own_errors(data):
    bag = Bag()
    name = data.draw(st.sampled_from(sorted(bag.files)))
    content = bag.files[name]
    place = data.draw(st.integers(0, len(content)))
    cut = data.draw(st.integers(0, 40))
    bag.files[name] = content[:place] + data.draw(st.binary(max_size=40)) + content[place + cut :]
    # Zeros of another number are the one change that is no failure: how long the padding is, the sender decides.
    changed = bag.files[name] != content and (name != names.PADDING or any(bag.files[name]))
    if data.draw(st.booleans()):
        bag.anew()
        changed = False  # the writer may have mended the very change
    try:
        tar = bag.tar()
    except KeysError:
        return
    examination = examined(tar, world())
    assert report_json(examination)
    assert report_text(examination, "ar")
    assert examination.failures or not changed
