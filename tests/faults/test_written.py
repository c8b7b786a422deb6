"""Every fault can be written as a line of text and as plain data, and be read again; what is wrong with either is told."""

import json
from dataclasses import fields

import pytest

from mockvendors import faults
from mockvendors.errors import UsageFault
from mockvendors.faults import FAULTS, Address, Calls
from mockvendors.faults.fields import describe
from mockvendors.faults.written import ADDRESS, NAME, from_data, from_text, to_data, to_text

from .samples import SAMPLES

EVERYWHERE = Address()
SOMEWHERE = Address("startSession", Calls.of("1-2+4-"), 3)


def test_the_samples_are_one_of_each():
    assert [sample.name for sample in SAMPLES] == list(FAULTS)


@pytest.mark.parametrize("address", [EVERYWHERE, SOMEWHERE], ids=["everywhere", "somewhere"])
@pytest.mark.parametrize("fault", SAMPLES, ids=lambda fault: fault.name)
def test_both_ways(fault, address):
    assert from_text(to_text(fault, address)) == (fault, address)
    assert from_data(json.loads(json.dumps(to_data(fault, address)))) == (fault, address)


@pytest.mark.parametrize(("fault", "address"), [(faults.Status(503), Address(session="7d2e-4f")), (faults.NoVideo(), EVERYWHERE)])
def test_text(fault, address):
    assert to_text(fault, address) in {"status:status=503,session=7d2e-4f", "no-video"}
    assert from_text(to_text(fault, address)) == (fault, address)


def test_defaults_are_left_out():
    assert to_text(faults.Delay(2)) == "delay:seconds=2"
    assert to_data(faults.WrongContentType()) == {"fault": "wrong-content-type"}


@pytest.mark.parametrize("kind", FAULTS.values(), ids=FAULTS)
def test_every_field_is_described_and_none_is_taken_for_an_address(kind):
    names = {field.name for field in fields(kind)}
    assert not names & {*ADDRESS, NAME, "name"}
    assert all(describe(kind, name) for name in names)
    assert kind.__doc__
    assert not kind.__doc__.startswith(kind.__name__), "a sentence of its own"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "There is no fault ''. Known:"),
        ("sttus:status=503", "There is no fault 'sttus'. Nearest: status"),
        ("NoVideo", "Nearest: no-video"),
        ("status", "needs status. status: HTTP status, 400 to 599"),
        ("status:status=abc", "status of the fault status cannot be 'abc'"),
        ("status:status=200", "expected int >= 400. status: HTTP status, 400 to 599"),
        ("status:code=503", "no field of the fault status 'code'"),
        ("status:staus=503", "Nearest: status"),
        ("status:status", "'status' has no value"),
        ("status:status=503,status=500", "'status' is given twice"),
        ("status:status=503,,", "has no value"),
        ("delay:seconds=-1", "seconds of the fault delay cannot be '-1'"),
        ("delay:seconds=nan", "cannot be 'nan'"),
        ("delay:seconds=inf", "cannot be 'inf'"),
        ("low-fps:fps=0", "frames a second"),
        ("wrong-size:width=640", "needs height. height: height of its frames in pixels"),
        ("wrong-size:width=16,height=16", "expected int >= 32"),
        ("size-ramp:steps=576x384", "576x384@0+1152x768@1.5"),
        ("size-ramp:steps=8x8@0", "sizes of 32 to 9999 pixels"),
        ("early-finish:factor=1", "share of the segment"),
        ("stall:calls=0", "no calls '0'"),
        ("stall:calls=", "no calls ''"),
        ("stall:session=", "no session ''"),
        ("no-content:body=x", "no field of the fault no-content 'body'"),
    ],
)
def test_text_that_is_wrong(text, words):
    with pytest.raises(UsageFault) as told:
        from_text(text)
    assert words in str(told.value)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, "None names no fault"),
        ([], "names no fault"),
        ({}, 'Write {"fault": one of: delay'),
        ({"fault": 3}, "names no fault"),
        ({"fault": "status", "status": "503"}, "expected int, got str"),
        ({"fault": "status", "status": True}, "expected int, got bool"),
        ({"fault": "stall", "operation": 1}, "no operation 1"),
        ({"fault": "stall", "calls": 1.5}, "no calls [1.5]"),
        ({"fault": "stall", "calls": {"1": 2}}, "no calls"),
        ({"fault": "stall", "session": 1.5}, "no session 1.5"),
        ({"fault": "stall", 3: 4}, "no field of the fault stall 3"),
    ],
    ids=str,
)
def test_data_that_is_wrong(data, words):
    with pytest.raises(UsageFault) as told:
        from_data(data)
    assert words in str(told.value)


@pytest.mark.parametrize("text", ["size-ramp:steps=8x8", "wrong-content-type:content_type=\u00e4"])
def test_a_form_is_told_in_words(text):
    with pytest.raises(UsageFault) as told:
        from_text(text)
    assert "regex" not in str(told.value)
    assert "^" not in str(told.value)


def test_a_wrong_field_is_refused_in_code_too():
    with pytest.raises(UsageFault, match="status of the fault status cannot be 200"):
        faults.Status(200)
