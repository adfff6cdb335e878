-- Indexes for what every page of a client asks, and for what follows a file when it moves.

-- The timeline and the profile read a client's assessments by client; without it, every event of the network.
CREATE INDEX assessment_events_of_client ON assessment_events (network_id, client_id, happened_at DESC);

-- A file that moves, is restricted or changes hands takes these along; a caseload handed over does so file by file.
CREATE INDEX referral_events_of_client ON referral_events (network_id, client_id);
CREATE INDEX referral_shares_of_client ON referral_shares (network_id, client_id);
CREATE INDEX referral_links_of_client ON referral_links (network_id, client_id);
CREATE INDEX referral_messages_of_client ON referral_messages (network_id, client_id);
CREATE INDEX follow_up_links_of_client ON follow_up_links (network_id, client_id);

-- Each failed sign-in forgets the tries of more than a day ago: under an attack there are many to look through.
CREATE INDEX sign_in_attempts_by_time ON sign_in_attempts (network_id, at);
