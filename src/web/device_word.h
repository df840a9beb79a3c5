/* web/device_word.h - a browser as its owner would name it, for the list of own sign-ins. */
#ifndef WEB_DEVICE_WORD_H
#define WEB_DEVICE_WORD_H

/* "Firefox · Windows" out of a User-Agent header; NULL is fine. No more of it is kept. */
void device_word(const char *user_agent, char *out, unsigned long out_bytes);

#endif
