"""What an administrator does for a dashboard that could not be computed."""

from accounts.audit import action
from accounts.models import User
from snapshots.recompute import retry


@action
def try_dashboard_again(*, kind: str, scope_id: int, by: User) -> None:
    """Forget its failures and have it computed now; its readings were kept all along."""
    retry(kind, scope_id)
