-- A receipt is found by its seal code: the first ten bytes of the head.
CREATE INDEX attempt_receipt_head ON attempt_receipt (head);
