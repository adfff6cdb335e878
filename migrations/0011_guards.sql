-- Second belts for what the application already refuses.

-- People change their own language and the like, never what they may do or whether they still work here.
DROP POLICY administrator_or_self_changes ON staff;
CREATE POLICY administrator_changes ON staff FOR UPDATE TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['administrator']
  );
CREATE POLICY self_changes ON staff FOR UPDATE TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND id = nullif(current_setting('app.actor_id', true), '')::uuid
  )
  WITH CHECK (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND id = nullif(current_setting('app.actor_id', true), '')::uuid
    AND state = 'active'
    AND left_at IS NULL
    AND roles <@ coalesce(string_to_array(nullif(current_setting('app.roles', true), ''), ','), '{}')
  );

-- What was done with a client's file is for those who may open files.
DROP POLICY staff_read ON audit_events;
CREATE POLICY staff_read ON audit_events FOR SELECT TO waypost_staff
  USING (
    network_id = nullif(current_setting('app.network_id', true), '')::uuid
    AND (
      client_id IS NULL
      OR string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['adviser', 'manager']
    )
  );

-- The bearer of a link is shown names with what people did and shared, and needs no list of everyone who works here.
DROP POLICY link_reads ON staff;
REVOKE SELECT (network_id, id, name) ON staff FROM waypost_link;
