/* web/handlers.h - the prototypes of every handler and body table, out of routes.def. A file that
 * defines handlers includes it. */
#ifndef WEB_HANDLERS_H
#define WEB_HANDLERS_H

#include "base/fields.h"
#include "web/reply.h"
#include "web/request.h"
#include "web/route.h"

#define NO_BODY
#define JSON_BODY(fields_) extern const struct fields fields_;
#define RAW_BODY(max, types_)
#define ROUTE(method, path, who, body, handler)  body handler_fn handler;
#define HOT_ROUTE(method, path, max, handler)    hot_handler_fn handler;
#define QUICK_ROUTE(method, path, body, handler) body handler_fn handler;
#define FORM_ROUTE(path, max, handler)           handler_fn handler;
#include "web/routes.def"
#undef NO_BODY
#undef JSON_BODY
#undef RAW_BODY
#undef ROUTE
#undef HOT_ROUTE
#undef QUICK_ROUTE
#undef FORM_ROUTE

#endif
