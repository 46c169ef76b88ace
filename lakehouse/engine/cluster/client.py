"""What a driver must set to work with a cluster: found by the address of its master, whoever started it."""

from __future__ import annotations

from lakehouse.engine.cluster.conf import from_properties, protected
from lakehouse.engine.cluster.place import SECRET, SECRET_VARIABLE, own_secret, place


class NotLetIn(Exception):
    """The master does not take the secret, or wants one. Exit code 2."""

    exit_code = 2


def is_standalone(master: str) -> bool:
    """Whether the master is one of Spark's own clusters."""
    return master.startswith("spark://")


def client_settings(master: str) -> dict[str, str]:
    """The settings of the cluster that this machine keeps, where the master is its own; and the secret, which the
    environment says before the folder. Raises SecretTooShort, and NotLetIn where that is not the cluster's own."""
    if not is_standalone(master):
        return {}
    at = place()
    cluster = at.read()
    kept = from_properties(at.client_conf) if cluster is not None and cluster.master == master else {}
    secret = own_secret()
    if kept and secret not in (None, kept[SECRET]):
        raise NotLetIn(
            f"{SECRET_VARIABLE} is not the secret of the cluster at {master}, which stands in {at.client_conf}: "
            "unset the variable, or name the cluster's own"
        )
    return kept | (protected(secret) if secret else {})
