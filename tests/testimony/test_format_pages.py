"""The examples printed in docs/format for card, trust file, report and conformance heads are made again here."""

import hashlib
import io
import json
import re
from datetime import UTC, datetime

import pytest
from conformance.run import arguments_for, expectations
from shared_data import REPOSITORY
from vectors.catalogue import ALL, head_of
from vectors.generate import Bag
from vectors.malformed_revisions import NAME, REQUEST, Reviser

from keys.identity import Identity
from keys.secret import Secret
from testimony.bundle.unseal import BundleFile
from testimony.card import Card
from testimony.disclosure_request import DisclosureRequest, parse_request
from testimony.forms.form import Label
from testimony.redaction.comparison import shows
from testimony.report import report_json
from testimony.trust import Trust, format_trust, parse_trust
from testimony.verify import examine_bundle

PAGES = REPOSITORY / "docs" / "format"
COUNTING = bytes(range(128))


def page(name: str) -> str:
    return (PAGES / name).read_text(encoding="utf-8")


def block(name: str, start: str) -> str:
    """The block of a page that begins with these letters."""
    found = re.findall(r"```(?:json)?\n(.*?)```", page(name), re.DOTALL)
    return next(one for one in found if one.startswith(start))


def worked_card() -> Card:
    public = Identity.from_secret(Secret(COUNTING)).public
    names = Label(en="A Court (invented)", ar="محكمة (مختلَقة)")
    return Card(kind="body", code="court-a", names=names, practice=True, public=public)


def test_the_card_of_the_page_is_that_of_the_worked_example():
    text = worked_card().text()
    shown = block("card-v1.md", "testimony-vault card v1").split("-----BEGIN")[0].splitlines()
    told = text.decode().splitlines()
    assert len(shown) == len(told)
    for line, whole in zip(shown, told, strict=True):
        assert whole.startswith(line.removesuffix("…"))
        assert line.endswith("…") == (len(whole) > len(line))
    assert hashlib.sha256(text).hexdigest() in page("card-v1.md")
    assert f"{len(text):,} bytes" in page("card-v1.md")


def test_the_trust_file_of_the_page_is_read_and_names_two():
    trust = parse_trust(block("trust-v1.md", "# compared").encode())
    assert trust.fingerprints == {
        "4372 6703 9720 5439 2098 3970 5096 6769 4801 7504",
        "7367 4911 2866 0374 3229 7629 1126 0483 4682 5768",
    }
    card = worked_card()
    assert parse_trust(format_trust([card])).fingerprints == {card.public.fingerprint}


def test_the_report_of_the_page_is_made_again():
    given = BundleFile(io.BytesIO(b"Dear Sir or Madam,\n"))
    report = report_json(examine_bundle(given, trust=Trust.nobody(), recipient=None)).decode()
    assert re.sub(r"[0-9a-f]{64}", "…", report) == block("report-v1.md", '{"bundle_sha256"')


def test_the_claims_of_the_page_have_the_members_of_a_report():
    examination = examine_bundle(BundleFile(io.BytesIO(Bag().tar())), trust=Trust.nobody(), recipient=None)
    made = json.loads(report_json(examination))["statement"]
    line = next(line for line in page("report-v1.md").splitlines() if line.startswith('"statement":'))
    assert json.loads(line.removeprefix('"statement":')).keys() == made.keys()


def test_the_head_of_the_page_is_that_of_its_vector(tmp_path):
    vector = next(one for one in ALL if one.name == "value-changed")
    assert block("verifier-cli-v1.md", "expect: ") == head_of(vector)
    (tmp_path / "value-changed.head").write_text(head_of(vector))
    (expected,) = expectations(tmp_path)
    assert arguments_for(expected)[-1] == "--json"


def test_the_request_of_the_page_asks_for_what_its_bundle_hides():
    device, body = (Identity.from_secret(Secret(secret)) for secret in (bytes(range(1, 129)), COUNTING))
    sealed = Reviser(device=device, body=body, bundle_id="b73c7016c8938d526bade22cbe510e61", profile="pseudonymised")
    found = examine_bundle(BundleFile(io.BytesIO(sealed.bag().tar())), trust=Trust.nobody(), recipient=None)
    (record,) = found.contents.records
    request = DisclosureRequest(
        request_id=REQUEST,
        bundle_id=sealed.bundle_id,
        control_number=record.control_number,
        record_id=record.record_id,
        version=record.version,
        root=record.root,
        revision=record.revision.number,
        file_sha256=record.file_sha256,
        requester=found.statement.recipients[0].code,
        fingerprint=body.public.fingerprint,
        hidden=(NAME, "session.place"),
        ground="IDENTIFY",
        words="To find a witness who may be called.",
        at=datetime(2031, 5, 6, 9, tzinfo=UTC),
    )
    assert not any(shows(record.disclosed.tree, path) for path in request.hidden)
    assert request.text().decode() == block("request-v1.md", "testimony-vault request v1")
    assert parse_request(request.to_text(body)).check(body.public) == request


# The shape of a C2SP page: what it is for, whole bytes, what must hold, the reasons.
@pytest.mark.parametrize("name", sorted(path.name for path in PAGES.glob("*-v1.md")))
def test_every_page_says_what_it_is_for_shows_bytes_and_gives_its_reasons(name):
    text = page(name)
    headings = re.findall(r"^## [0-9]+\. (.+)$", text, re.MULTILINE)
    assert text.startswith("# ")
    assert "**Purpose.**" in text
    assert "```" in text
    assert "MUST" in text
    assert "Why" in headings
