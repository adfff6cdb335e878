-- A network's own people keep its calendar of days without work.

ALTER TABLE networks ENABLE ROW LEVEL SECURITY;
ALTER TABLE networks FORCE ROW LEVEL SECURITY;
CREATE POLICY everyone_reads ON networks FOR SELECT USING (true);
-- Networks are made and renamed by the command, which acts as the owner.
CREATE POLICY owner_all ON networks TO waypost_owner USING (true);
CREATE POLICY keepers_change ON networks FOR UPDATE TO waypost_staff
  USING (
    id = nullif(current_setting('app.network_id', true), '')::uuid
    AND string_to_array(nullif(current_setting('app.roles', true), ''), ',') && ARRAY['administrator', 'manager']
  );
GRANT UPDATE (holidays) ON networks TO waypost_staff;
