"""Loading into triple stores: staged, verified, swapped in whole, with a receipt.

Each name is imported from its module when it is first used.
"""

from __future__ import annotations
