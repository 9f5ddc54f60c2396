-- What other modules' statements may know of the tags of their things.
CREATE VIEW tagging_tagged AS
SELECT link.entity, link.entity_id, link.tag_id, tag.kind, tag.name, tag.name_key, tag.colour
FROM tagging_link AS link
JOIN tagging_tag AS tag ON tag.id = link.tag_id;
