"""The catalogue of generic mutants is whole: each says what is wrong, and by which rule it must be caught."""

import ast
import inspect

import pytest

from mockvendors.contract import core_rules
from mockvendors.mutants import config
from mockvendors.mutants.catalogue.base import Names
from mockvendors.mutants.generic import CATALOGUE, OF_ALL, catalogue, snake_case

KINDS = {"Session", "Connection", "Voice", "Request", "Token"}


@pytest.mark.parametrize("generic", catalogue().values(), ids=lambda generic: generic.name)
def test_says_what_is_wrong_and_which_rule_catches_it(generic):
    assert generic.wrong.endswith(".")
    assert generic.wrong.count(".") == 1
    assert not generic.rule or core_rules()[generic.rule].level != "assumed"
    assert set(generic.needs) <= set(config.NAMES)


def test_every_class_of_the_catalogue_is_a_mutant_and_no_two_have_one_name():
    trees = [ast.parse(file.read_text()) for file in CATALOGUE.glob("*.py") if file.stem not in OF_ALL]
    classes = [node for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)]
    assert {ast.unparse(base) for node in classes for base in node.bases} <= KINDS
    assert sorted(snake_case(node.name) for node in classes) == sorted(catalogue())


def test_no_two_are_the_same_change():
    found = {}
    for file in CATALOGUE.glob("*.py"):
        for node in ast.parse(file.read_text()).body if file.stem not in OF_ALL else []:
            if isinstance(node, ast.ClassDef):
                body = [ast.unparse(each) for each in node.body[1:]]
                found.setdefault("\n".join(body).replace(node.name, "Self"), []).append(node.name)
    assert [names for names in found.values() if len(names) > 1] == []


def test_names_of_the_configuration_are_those_that_the_changes_know():
    fields = inspect.signature(Names).parameters
    assert tuple(fields) == config.NAMES
    assert {name: field.default for name, field in fields.items() if field.default} == config.DEFAULTS
