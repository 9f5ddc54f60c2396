"""What the statements that recognise somebody read of how far they reach."""

# Of `person` and `role`, which the statement around has to name so. Who shares a place is looked up only for roles that
# reach as far as that, and for people who are not at all places anyway.
REACH = """
person.place_ids, role.extents, CASE
    WHEN person.place_ids IS NOT NULL AND jsonb_path_exists(role.extents, '$.* ? (@ == "team")')
    THEN ARRAY(
        SELECT mate.id FROM identity_person AS mate
        WHERE mate.place_ids IS NULL OR mate.place_ids && person.place_ids
    )
END AS mates
"""
# What `REACH` gives, of a statement that found it.
FOUND = "place_ids, extents, mates"
