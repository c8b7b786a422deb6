"""A case that passes although a fault it asked for never did anything is a fault of ours: it does not do what it says."""

from .running import case, run

HEAD = "from mockvendors.faults import Status"


def test_a_case_that_passes_without_its_fault(tmp_path):
    text = "async def test_it(self, drive, vendor):\n    vendor.faults.add(Status(503), calls=2)\n    await drive.started()"
    code, out = run(*case(tmp_path, text, head=HEAD))
    assert code == 7, out
    told = "the case passed without a fault that it asked for: status:status=503,calls=2."
    assert f"harness fault, not the plugin's: {told}" in out


def test_a_case_that_fails_is_not_blamed_on_us(tmp_path):
    text = "async def test_it(self, vendor, check):\n    vendor.faults.add(Status(503))\n    check('core.config.key', 1, 2)"
    code, out = run(*case(tmp_path, text, head=HEAD))
    assert code == 1, out
    assert "without a fault" not in out
