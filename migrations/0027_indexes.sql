-- Indexes for what would otherwise read a whole table that grows with every referral.

-- Unread messages are looked for at all referrals of an adviser, also at those that have ended: the index by what is due next
-- holds only those that have not.
CREATE INDEX referrals_of_adviser_ever ON referrals (network_id, adviser_id);

-- What stands still at a manager's sites.
CREATE INDEX referrals_due_at_site ON referrals (network_id, site_id, next_due_at) WHERE next_due_at IS NOT NULL;

-- The inbox counts what was shared with one partner, on each of its pages.
CREATE INDEX referral_shares_of_organization ON referral_shares (network_id, organization_id);

-- A file that moves, is restricted or changes hands takes these along.
CREATE INDEX referral_appointments_of_client ON referral_appointments (network_id, client_id);
CREATE INDEX referral_client_links_of_client ON referral_client_links (network_id, client_id);
CREATE INDEX referral_attachments_of_client ON referral_attachments (network_id, client_id);
CREATE INDEX referral_attachment_pieces_of_client ON referral_attachment_pieces (network_id, client_id);

-- A password that is set uses up every other link of the account.
CREATE INDEX staff_links_unused ON staff_links (network_id, account_id) WHERE used_at IS NULL;
CREATE INDEX partner_links_unused ON partner_links (network_id, account_id) WHERE used_at IS NULL;
