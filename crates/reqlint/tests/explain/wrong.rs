//! Wrong requests of which `explain` must know the cause, and a correction that works.

/// The rule that must come first, the symptom (`-` for none: it succeeds, with other data than was
/// meant), and the command. `ORIGIN` is the server, `HOST` its authority, `IDS` some hundred ids; the
/// key is in `WH_API_KEY`. What follows `TYPED ` is typed into a shell with a history.
pub(super) const WRONG: &[(&str, &str, &str)] = &[
    ("missing-api-key", "unauthorized", "curl -i 'ORIGIN/api/v1/brands'"),
    (
        "header-without-colon",
        "unauthorized",
        "curl -i -H \"X-API-Key $WH_API_KEY\" ORIGIN/api/v1/brands",
    ),
    (
        "wrong-api-key-header",
        "unauthorized",
        "curl -i -H \"Api-Key: $WH_API_KEY\" ORIGIN/api/v1/brands",
    ),
    (
        "wrong-api-key-header",
        "unauthorized",
        "curl -v -H \"X-Auth: $WH_API_KEY\" ORIGIN/api/v1/tiktok-shop/credits",
    ),
    (
        "authorization-without-bearer",
        "unauthorized",
        "curl -i -H 'Authorization: LITERAL' ORIGIN/api/v1/brands",
    ),
    (
        "localized-identifier",
        "unauthorized",
        "curl -i -H \"X-API-Anahtarı: $WH_API_KEY\" ORIGIN/api/v1/brands",
    ),
    (
        "session-route-with-api-key",
        "redirect-to-login",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" 'ORIGIN/api/tiktok-shop/products/explore?country=US&period=30d'",
    ),
    (
        "session-route-with-api-key",
        "redirect-to-login",
        "curl -iL -H \"X-API-Key: $WH_API_KEY\" ORIGIN/api/brands",
    ),
    (
        "trailing-slash",
        "unknown-shop-endpoint",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" 'ORIGIN/api/v1/tiktok-shop/products/explore/?country=US&period=30d'",
    ),
    (
        "localized-identifier",
        "not-routed",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" ORIGIN/api/v1/markalar",
    ),
    (
        "localized-identifier",
        "not-routed",
        "curl -i -X YAYIN -H \"X-API-Key: $WH_API_KEY\" -H 'Content-Type: application/json' -d '{\"id\":\"74\",\"country\":\"US\"}' ORIGIN/api/v1/tiktok-shop/shop-detail",
    ),
    (
        "wrong-method",
        "not-routed",
        "curl -i -X PUT -H \"X-API-Key: $WH_API_KEY\" -H 'Content-Type: application/json' -d '{\"id\":\"74\",\"country\":\"US\"}' ORIGIN/api/v1/tiktok-shop/shop-detail",
    ),
    (
        "invalid-country",
        "server-error",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" 'ORIGIN/api/v1/tiktok-shop/products/explore?country=UK&period=30d'",
    ),
    (
        "malformed-json",
        "server-error",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" -H 'Content-Type: application/json' -d '{\"country\":\"US\",\"period\":\"30d\",}' ORIGIN/api/v1/tiktok-shop/products/explore",
    ),
    (
        "missing-content-type",
        "server-error",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" -d '{\"id\":\"74\",\"country\":\"US\"}' ORIGIN/api/v1/tiktok-shop/shop-detail",
    ),
    (
        "mixed-time-params",
        "-",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" 'ORIGIN/api/v1/tiktok-shop/products/explore?country=US&period=30d&start_date=2026-01-01'",
    ),
    (
        "dates-on-period-endpoint",
        "-",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" 'ORIGIN/api/v1/tiktok-shop/products/explore?country=US&start_date=2026-01-01&end_date=2026-01-31'",
    ),
    (
        "localized-identifier",
        "invalid-entity-type",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" 'ORIGIN/api/v1/tiktok-shop/suggestions?type=produits&q=gl'",
    ),
    ("json-sent-as-form", "unsupported-media-type", "curl -i -d '{\"id\": 1}' ORIGIN/any/orders"),
    (
        "malformed-json",
        "bad-request",
        "curl -i -H 'Content-Type: application/json' -d '{\"id\": 1,}' ORIGIN/any/orders",
    ),
    ("unquoted-ampersand", "bad-request", "curl -i ORIGIN/any/list?from=1&to=2"),
    (
        "unexpanded-variable",
        "unauthorized",
        "curl -i -H 'X-API-Key: $WH_API_KEY' ORIGIN/api/v1/brands",
    ),
    (
        "invalid-path-id",
        "not-routed",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" ORIGIN/api/v1/tiktok-shop/videos/7301.json",
    ),
    ("html-escaped-ampersand", "bad-request", "curl -i 'ORIGIN/any/list?from=1&amp;to=2'"),
    ("second-question-mark", "bad-request", "curl -i 'ORIGIN/any/list?from=1?to=2'"),
    ("unquoted-json", "bad-request", "curl -i --json {\"id\":1} ORIGIN/any/orders"),
    ("unknown-option", "command-not-understood", "curl -i --heder 'X-Mode: t' ORIGIN/any/private"),
    (
        "option-with-equals",
        "command-not-understood",
        "curl -i --header='X-Mode: t' ORIGIN/any/private",
    ),
    (
        "damaged-glob",
        "command-not-understood",
        "curl -i 'ORIGIN/any/list?from=1&to=2&filter[status]=open'",
    ),
    ("pasted-prompt", "command-not-understood", "curl -i ORIGIN/any/private \\\n> -H 'X-Mode: t'"),
    ("verb-as-url", "host-not-found", "curl -i GET 'ORIGIN/any/list?from=1&to=2'"),
    ("double-encoding", "forbidden", "curl -i 'ORIGIN/any/search?q=desk%2520lamp'"),
    ("unencoded-character", "bad-request", "curl -i 'ORIGIN/any/search?q=\"lamp\"|chair'"),
    (
        "unquoted-ampersand",
        "unauthorized",
        "curl -i ORIGIN/api/v1/brands?page=2&limit=10 -H \"X-API-Key: $WH_API_KEY\"",
    ),
    ("misspelt-scheme", "command-not-understood", "curl -i -H 'X-Mode: t' htp://HOST/any/private"),
    ("api-key-in-query", "-", "curl -i \"ORIGIN/api/v1/brands?api_key=$WH_API_KEY\""),
    (
        "malformed-api-key",
        "unauthorized",
        "curl -i -H \"X-API-Key: '$WH_API_KEY'\" ORIGIN/api/v1/brands",
    ),
    (
        "long-query",
        "uri-too-long",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" 'ORIGIN/api/v1/tiktok-shop/products/explore?country=US&category_ids=IDS'",
    ),
    (
        "unknown-endpoint",
        "unknown-shop-endpoint",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" 'ORIGIN/api/v1/tiktok-shop/prodcts/explore?country=US&period=30d'",
    ),
    (
        "legacy-alias",
        "not-routed",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" 'ORIGIN/api/adlibrary?searchkeyword=adtext&keyword=lamp&min=&countries=US&from=&to=&sorting=reach&mediafilter=&page=0&max=&scroll=&scaling=&niches=&fromlastseen=&tolastseen=&activestatus='",
    ),
    (
        "json-body-on-form-endpoint",
        "server-error",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" ORIGIN/api/v1/magic-ai --json '{\"text\":\"lamp\"}'",
    ),
    (
        "invalid-period",
        "empty-result",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" 'ORIGIN/api/v1/tiktok-shop/shops/explore?country=US&period=month'",
    ),
    (
        "wrong-time-param",
        "empty-result",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" 'ORIGIN/api/v1/tiktok-shop/shops/explore?country=US&date_range=30d'",
    ),
    (
        "period-on-dated-endpoint",
        "empty-result",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" 'ORIGIN/api/v1/tiktok-shop/products?country=US&date_from=2026-03-01&period=30d'",
    ),
    (
        "invalid-date",
        "empty-result",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" 'ORIGIN/api/v1/tiktok-shop/products?country=US&date_from=2026/03/01'",
    ),
    (
        "reversed-date-range",
        "empty-result",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" 'ORIGIN/api/v1/tiktok-shop/products?country=US&date_from=2026-03-31&date_to=2026-03-01'",
    ),
    (
        "inverted-range",
        "empty-result",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" 'ORIGIN/api/v1/tiktok-shop/products?country=US&min_price=50&max_price=10'",
    ),
    (
        "filter-alias",
        "empty-result",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" 'ORIGIN/api/v1/tiktok-shop/shops/explore?country=US&period=30d&min_revenue_30d=1000'",
    ),
    (
        "conflicting-aliases",
        "empty-result",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" 'ORIGIN/api/v1/tiktok-shop/shops/explore?country=US&period=30d&min_gmv_30d=5&min_revenue=5'",
    ),
    (
        "unknown-parameter",
        "empty-result",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" 'ORIGIN/api/v1/tiktok-shop/shops/explore?country=US&period=30d&limt=20'",
    ),
    (
        "missing-country",
        "-",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" 'ORIGIN/api/v1/tiktok-shop/shops/explore?period=30d'",
    ),
    (
        "undefined-value",
        "-",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" 'ORIGIN/api/v1/tiktok-shop/shops/explore?country=US&period=30d&keyword=undefined'",
    ),
    (
        "dates-without-custom",
        "-",
        "curl -i -b jar 'ORIGIN/api/brands/ads?id=74&date_from=2026-01-01&date_to=2026-03-31'",
    ),
    ("unknown-date-range", "-", "curl -i -b jar 'ORIGIN/api/brands/ads?id=74&date_range=90d'"),
    (
        "insecure-scheme",
        "redirect-not-followed",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" http://app.winninghunter.com/api/v1/brands",
    ),
    (
        "missing-scheme",
        "redirect-not-followed",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" app.winninghunter.com/api/v1/brands",
    ),
    (
        "unknown-origin",
        "html-instead-of-json",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" https://app.winninghuntr.com/api/v1/brands",
    ),
    ("body-on-get", "bad-request", "curl -i -X GET ORIGIN/any/list -d 'from=1&to=2'"),
    (
        "lowercase-method",
        "method-not-allowed",
        "curl -i -X post --json '{\"id\":1}' ORIGIN/any/orders",
    ),
    ("header-whitespace", "bad-request", "curl -i -H 'X-Mode : t' ORIGIN/any/private"),
    ("data-file-typo", "bad-request", "curl -i -d order.json ORIGIN/any/notes"),
    ("expanding-dollar", "bad-request", "curl -i \"ORIGIN/any/odata?$filter=price&$top=3\""),
    ("smart-quotes", "bad-request", "curl -i --json ‘{\"id\":1}’ ORIGIN/any/orders"),
    (
        "html-escaped-quote",
        "command-not-understood",
        "curl -i &quot;ORIGIN/any/list?from=1&to=2&quot;",
    ),
    (
        "invisible-character",
        "command-not-understood",
        "curl -i ORIGIN/any/private\u{a0}-H 'X-Mode: t'",
    ),
    ("typographic-dash", "host-not-found", "curl -i ORIGIN/any/private –H 'X-Mode: t'"),
    ("unquoted-header", "host-not-found", "curl -i -H X-Mode: t ORIGIN/any/private"),
    (
        "blank-line-after-join",
        "not-authenticated",
        "curl -i ORIGIN/any/private \\\n\n  -H 'X-Mode: t'",
    ),
    (
        "comment-in-command",
        "not-authenticated",
        "curl -i ORIGIN/any/private \\\n  # the mode \\\n  -H 'X-Mode: t'",
    ),
    (
        "space-after-backslash",
        "command-not-understood",
        "curl -i ORIGIN/any/private \\ \n  -H 'X-Mode: t'",
    ),
    (
        "carriage-return",
        "command-not-understood",
        "curl -i ORIGIN/any/private \\\r\n  -H 'X-Mode: t'\r\n",
    ),
    (
        "truncated-command",
        "command-not-closed",
        "TYPED curl -i -H \"X-API-Key: $WH_API_KEY\" 'ORIGIN/api/v1/brands",
    ),
    ("history-expansion", "command-not-understood", "TYPED curl -i \"ORIGIN/any/posts/a!b\""),
    ("unquoted-pattern", "command-not-understood", "TYPED curl -i ORIGIN/any/status?since=1"),
    (
        "content-type-mismatch",
        "unsupported-media-type",
        "curl -i -H 'Content-Type: application/xml' -d '{\"id\": 1}' ORIGIN/any/orders",
    ),
];
