"""Statuses that say nothing of any rule: they tell of the moment, of the way, or of the account."""

from collections.abc import Mapping
from http import HTTPStatus

from mockvendors.contract import Rule


def of_the_moment(status: int) -> bool:
    """Tell whether a status says that the service failed, whatever was asked."""
    return status == HTTPStatus.REQUEST_TIMEOUT or status >= HTTPStatus.INTERNAL_SERVER_ERROR


def says_nothing(status: int, account: Mapping[int, Rule]) -> str:
    """Return why a status that nobody expected says nothing of a rule; empty where it does.

    `account` has the statuses that tell a state of the account, wherever they come.
    """
    if of_the_moment(status) or status == HTTPStatus.TOO_MANY_REQUESTS:
        return f"answered {status}"
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return f"answered {status}, a redirect, which is not followed"
    rule = account.get(status)
    return f"answered {status}, which tells of the account ({rule.id})" if rule else ""
