-- What hangs on a referral names the referral's own partner: a policy compares a row's own columns alone, so that without this
-- a partner's transaction could add an event, a message or a file of its own to another partner's referral.

ALTER TABLE referrals ADD UNIQUE (network_id, id, organization_id);
ALTER TABLE referral_attachments ADD UNIQUE (network_id, id, referral_id, organization_id);

ALTER TABLE referral_events
  ADD FOREIGN KEY (network_id, referral_id, organization_id) REFERENCES referrals (network_id, id, organization_id);
ALTER TABLE referral_messages
  ADD FOREIGN KEY (network_id, referral_id, organization_id) REFERENCES referrals (network_id, id, organization_id);
ALTER TABLE referral_attachments
  ADD FOREIGN KEY (network_id, referral_id, organization_id) REFERENCES referrals (network_id, id, organization_id);
ALTER TABLE referral_attachment_pieces
  ADD FOREIGN KEY (network_id, attachment_id, referral_id, organization_id)
    REFERENCES referral_attachments (network_id, id, referral_id, organization_id);
