"""What was refused at the door: lines of the program's log, not of the trail.

Anybody can cause them, as often as they like, so that each must not cost a row that stays for ever.
No personal data: ids, routes, keyed digests.
"""

import logging

log = logging.getLogger("sijinak.security")


def warn(what: str, **facts: object) -> None:
    log.warning("%s %s", what, " ".join(f"{name}={value}" for name, value in facts.items()))
