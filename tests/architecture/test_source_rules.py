import pytest
from architecture.rule_table import RULES, Rule
from architecture.source_rules import parse, product_sources

SOURCES = product_sources()
BY_SENTENCE = [pytest.param(rule, id=rule.sentence.replace(" ", "-")) for rule in RULES]


def test_the_product_was_found():
    assert {source.package for source in SOURCES} == {"keys", "testimony", "vault", "tui"}


@pytest.mark.parametrize("rule", BY_SENTENCE)
def test_the_product_keeps_the_rule(rule: Rule):
    broken = [f"{source.path}:{line}: {what}" for source in SOURCES for line, what in rule.check(source)]
    assert broken == [], rule.sentence


@pytest.mark.parametrize("rule", BY_SENTENCE)
def test_the_rule_catches_what_breaks_it(rule: Rule):
    assert list(rule.check(parse(rule.at, rule.bad)))


@pytest.mark.parametrize("rule", BY_SENTENCE)
def test_the_rule_leaves_good_code_alone(rule: Rule):
    at = rule.at if rule.at.endswith("__init__.py") else "vault/example.py"
    assert list(rule.check(parse(at, rule.good))) == []


@pytest.mark.parametrize(
    "snippet",
    ["try:\n    f()\nexcept:\n    pass\n", "try:\n    f()\nexcept BaseException:\n    pass\n"],
    ids=["bare", "base"],
)
def test_a_handler_that_hides_everything_is_caught_in_each_spelling(snippet: str):
    rule = next(rule for rule in RULES if rule.sentence == "no except Exception")
    assert list(rule.check(parse("keys/example.py", snippet)))
