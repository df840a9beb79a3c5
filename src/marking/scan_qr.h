/* marking/scan_qr.h - the QR code of a straightened page, at its one place. Runs in the cage. */
#ifndef MARKING_SCAN_QR_H
#define MARKING_SCAN_QR_H

struct arena;

/* GREY is SCAN_WIDTH x SCAN_HEIGHT. NULL where there is none to read. */
const char *scan_qr_read(struct arena *a, const unsigned char *grey);

#endif
