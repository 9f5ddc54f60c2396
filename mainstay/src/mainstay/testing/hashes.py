"""Settings for tests that are about something else: their passwords and PINs need not take long to guess."""

# The least that the settings take: a fifth of what a hash costs without them.
CHEAPEST = {"HASH_MEMORY_KIB": "19456", "HASH_PASSES": "1"}


def cheap_hashes(*programs: str) -> dict[str, str]:
    """Return the variables that give `programs` hashes as cheap as their settings allow."""
    return {f"{program}_IDENTITY_{name}".upper(): value for program in programs for name, value in CHEAPEST.items()}
