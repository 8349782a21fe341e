"""Choosing a person of the trust."""

from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import User
from trusts.models import Membership
from trusts.names import NOT_OF_THIS_TRUST, names_at


class PersonChoice(forms.ModelChoiceField):
    """People who are members of a trust today; whom the record names already stays choosable."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", "Nobody with an account")
        super().__init__(queryset=User.objects.none(), required=False, **kwargs)

    def of_trust(self, trust_id: int, *, named: User | None = None) -> None:
        held = Membership.objects.held_on(timezone.localdate()).filter(trust_id=trust_id).values("user_id")
        people = User.objects.filter(pk__in=held, is_active=True)
        if named is not None:
            people = people | User.objects.filter(pk=named.pk)
        self.names = names_at(trust_id)
        self.queryset = people.order_by("name", "pk")

    def label_from_instance(self, obj: Any) -> str:
        """As the trust knows the person."""
        return self.names.get(obj.pk, NOT_OF_THIS_TRUST)
