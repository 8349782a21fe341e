"""People who sign in."""

from typing import Any, ClassVar

import pgtrigger
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower

from accounts.audit import tracked


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


@tracked(exclude=("password", "last_login", "seen_at", "last_visit_at", "visit_started_at", "sessions_ended"))
class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address. What they may do follows from memberships (trusts/)."""

    email = models.EmailField("e-mail address")
    name = models.CharField(max_length=120, help_text="How colleagues see the person: a name or a role.")
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True, blank=True, help_text="The last page opened, to five minutes.")
    visit_started_at = models.DateTimeField(null=True, blank=True)
    last_visit_at = models.DateTimeField(null=True, blank=True, help_text="When the visit before this one ended.")

    sessions_ended = models.PositiveIntegerField(
        default=0,
        db_default=0,
        help_text="How often the person signed out everywhere: a session of an earlier count has ended.",
    )

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_user_per_email")]

    def __str__(self) -> str:
        return self.name or self.email

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        of_password = super()._get_session_auth_hash(secret)  # type: ignore[misc]
        return f"{of_password}-{self.sessions_ended}" if self.sessions_ended else of_password

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class AccessEvent(models.Model):
    """Somebody came in, was kept out, or changed how they come in; `by`, when somebody else did it, and why.

    Rows stay as written, and the time is the database's own: triggers see to it (docs/adr/0010).

    An address of somebody who has no account is not kept: it is often a password, typed in the wrong box.
    """

    class Kind(models.TextChoices):
        SIGNED_IN = "signed_in", "signed in"
        REFUSED = "refused", "a sign-in was refused: wrong password"
        CODE_REFUSED = "code_refused", "a sign-in was refused: wrong code"
        HELD_OFF = "held_off", "sign-in was held off after too many wrong passwords"
        SIGNED_IN_ELSEWHERE = "signed_in_elsewhere", "signed in with the organisation's account"
        REFUSED_ELSEWHERE = "refused_elsewhere", "a sign-in with an organisation's account was refused"
        SIGNED_OUT = "signed_out", "signed out"
        SIGNED_OUT_EVERYWHERE = "signed_out_everywhere", "signed out everywhere"
        LEFT_IDLE = "left_idle", "signed out after a time without use"
        LONGEST_OVER = "longest_over", "signed out after the longest time that a session lasts"
        PASSWORD_CHANGED = "password_changed", "changed the password"
        SECOND_FACTOR_ADDED = "second_factor_added", "added a second factor"
        SECOND_FACTOR_REMOVED = "second_factor_removed", "removed a second factor"
        SECOND_FACTOR_CLEARED = "second_factor_cleared", "somebody else took the lost second factor away"
        LET_TRY_AGAIN = "let_try_again", "somebody else ended the wait after wrong passwords"

    kind = models.CharField(max_length=24, choices=Kind.choices)
    user = models.ForeignKey(User, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="accesses")
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    address = models.GenericIPAddressField("network address", null=True)
    by = models.ForeignKey(
        User, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    reason = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["by"], condition=models.Q(by__isnull=False), name="accesses_by_somebody_else")
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="written_once", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="timed_by_the_database",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="NEW.at := clock_timestamp(); RETURN NEW;",
            ),
        ]
