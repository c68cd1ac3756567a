//! A server on 127.0.0.1 that answers as the API's guides say, and, on other paths, as any API may.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

/// The key that it knows; made up.
pub(crate) const KEY: &str = "wh_0f0e0d0c0b0a09080706050403020100ffeeddccbbaa9988";
/// A key of an account without API access.
pub(crate) const NO_ACCESS: &str = "wh_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
/// A key whose account sends too much.
pub(crate) const TOO_FAST: &str = "wh_bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
/// A key whose account has no credits left.
pub(crate) const USED_UP: &str = "wh_cccccccccccccccccccccccccccccccccccccccccccccccc";

/// Longer targets are refused.
const LONGEST: usize = 6000;
const EXPLORE: [&str; 5] = ["products", "shops", "creators", "videos", "categories"];

/// Starts it; it lives as long as the test. The answer is its origin.
pub(crate) fn start() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || serve(stream));
        }
    });
    format!("http://{address}")
}

struct Request {
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Request {
    fn read(stream: &TcpStream) -> Option<Request> {
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let mut words = line.split_whitespace();
        let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let length = length.and_then(|(_, length)| length.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let body = String::from_utf8_lossy(&body).into_owned();
        Some(Request { method, path: path.to_owned(), query: query.to_owned(), headers, body })
    }

    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    fn key(&self) -> &str {
        let bearer = self.header("authorization").strip_prefix("Bearer ").unwrap_or_default();
        let query = self.param("api_key").unwrap_or_default();
        [self.header("x-api-key"), bearer, query]
            .into_iter()
            .find(|key| !key.is_empty())
            .unwrap_or("")
    }

    fn param(&self, name: &str) -> Option<&str> {
        let pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.into_iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    fn is_json(&self) -> bool {
        self.header("content-type").starts_with("application/json")
    }

    /// The body as JSON, where that is what it says it is.
    fn json(&self) -> Option<serde_json::Value> {
        serde_json::from_str(&self.body).ok().filter(|_| self.is_json())
    }

    /// A parameter of the query or of the body.
    fn merged(&self, name: &str) -> Option<String> {
        let json = self.json();
        let member = json.as_ref().and_then(|json| json[name].as_str()).map(str::to_owned);
        self.param(name).map(str::to_owned).or(member).filter(|value| !value.is_empty())
    }
}

/// A status with its reason, further fields, and content.
type Answer = (&'static str, &'static str, String);

fn serve(mut stream: TcpStream) {
    let Some(request) = Request::read(&stream) else { return };
    let (status, fields, content) = answer(&request);
    let kind =
        if content.starts_with('<') { "text/html; charset=UTF-8" } else { "application/json" };
    let kind = if content.is_empty() { String::new() } else { format!("Content-Type: {kind}\r\n") };
    let length = content.len();
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\n{kind}{fields}Content-Length: {length}\r\nConnection: close\r\n\r\n{content}"
    );
}

fn page(status: &'static str) -> Answer {
    let content = format!("<!DOCTYPE html>\n<html><head><title>{status}</title></head></html>\n");
    (status, "", content)
}

fn error(status: &'static str, text: &str) -> Answer {
    (status, "", format!("{{\"success\": false, \"error\": \"{text}\"}}\n"))
}

fn answer(request: &Request) -> Answer {
    // White space before the colon is refused (RFC 9112, section 5.1).
    if request.headers.iter().any(|(name, _)| name.ends_with(' ')) {
        return ("400 Bad Request", "", "{\"message\": \"bad field name\"}\n".to_owned());
    }
    let path = request.path.as_str();
    if request.path.len() + request.query.len() > LONGEST {
        return page("414 URI Too Long");
    }
    if let Some(elsewhere) = wrong_host(request) {
        return elsewhere;
    }
    if let Some(tab) = path.strip_prefix("/api/brands/") {
        return brand_tab(request, tab);
    }
    if let Some(rest) = path.strip_prefix("/any/") {
        return any_api(request, rest);
    }
    let is_session = path.starts_with("/api/tiktok-shop/") || path == "/api/brands";
    if is_session || path == "/api/fb-ads" {
        return ("302 Found", "Location: /login\r\n", String::new());
    }
    if path == "/login" {
        return (
            "200 OK",
            "",
            "<!DOCTYPE html>\n<html><head><title>Log in</title></head></html>\n".to_owned(),
        );
    }
    let known = match route(request) {
        Route::None => return page("404 Not Found"),
        Route::Listed => true,
        Route::Shop => false,
    };
    match request.key() {
        KEY => {}
        NO_ACCESS => return error("403 Forbidden", "WinningHunter Standard subscription required"),
        TOO_FAST => return error("429 Too Many Requests", "Rate limit exceeded. Max 60 requests per minute."),
        USED_UP => return ("429 Too Many Requests", "", "{\"success\": false, \"error\": \"Monthly credit limit reached (20000). Resets next month.\", \"credits\": {\"used\": 20000, \"limit\": 20000, \"remaining\": 0}}\n".to_owned()),
        _ => return error("401 Unauthorized", "Unauthorized"),
    }
    if !known {
        return error("404 Not Found", "Unknown TikTok Shop endpoint");
    }
    data(request)
}

/// Without TLS the host sends its clients to where there is; a host of somebody else has a page.
fn wrong_host(request: &Request) -> Option<Answer> {
    let host = request.header("host");
    match host {
        "app.winninghunter.com" if request.header("x-tls").is_empty() => Some((
            "301 Moved Permanently",
            "Location: https://app.winninghunter.com/\r\n",
            String::new(),
        )),
        "app.winninghunter.com" => None,
        _ if host.contains("winning") => Some(page("200 OK")),
        _ => None,
    }
}

/// The tabs of a brand in the dashboard, which want its session.
fn brand_tab(request: &Request, tab: &str) -> Answer {
    let is_known = matches!(tab, "ads" | "ad-copies" | "ad-hooks");
    match request.header("cookie").contains("session=") {
        _ if !is_known => page("404 Not Found"),
        true => ("200 OK", "", "{\"success\": true, \"ads\": [{\"id\": \"1\"}]}\n".to_owned()),
        false => ("302 Found", "Location: /login\r\n", String::new()),
    }
}

/// What the router makes of method and path.
enum Route {
    None,
    Listed,
    /// Below the TikTok Shop prefix, and not on the list.
    Shop,
}

fn route(request: &Request) -> Route {
    let (method, path) = (request.method.as_str(), request.path.as_str());
    let either = matches!(method, "GET" | "POST");
    let Some(rest) = path.strip_prefix("/api/v1/tiktok-shop/") else {
        let known = match path {
            "/api/v1/magic-ai" => method == "POST",
            "/api/v1/brands" | "/api/v1/adlibrary" => method == "GET",
            _ => false,
        };
        return if known { Route::Listed } else { Route::None };
    };
    if let Some(id) = rest.strip_prefix("videos/").filter(|id| *id != "explore" && *id != "count") {
        let is_id = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
        return if is_id && method == "GET" { Route::Listed } else { Route::None };
    }
    let listed = EXPLORE
        .iter()
        .any(|entity| rest == format!("{entity}/explore") || rest == format!("{entity}/count"));
    match rest {
        _ if listed => {
            if either {
                Route::Listed
            } else {
                Route::None
            }
        }
        "credits" | "products" | "suggestions" => {
            if method == "GET" {
                Route::Listed
            } else {
                Route::None
            }
        }
        "shop-detail" | "shop-detail/total" | "creator-detail/total" | "product-detail/history" => {
            if method == "POST" {
                Route::Listed
            } else {
                Route::None
            }
        }
        _ if either => Route::Shop,
        _ => Route::None,
    }
}

fn data(request: &Request) -> Answer {
    let failed = || error("500 Internal Server Error", "Internal server error");
    let nothing = || ("200 OK", "", "{\"success\": true, \"data\": [], \"total\": 0}\n".to_owned());
    if request.path.ends_with("/magic-ai") {
        let is_form = request.header("content-type").contains("form");
        return if is_form { rows() } else { failed() };
    }
    if request.path.ends_with("/adlibrary") {
        let is_whole = AD_KEYS.iter().all(|key| request.param(key).is_some());
        return if is_whole { rows() } else { nothing() };
    }
    if !request.body.is_empty() && request.json().is_none() {
        return failed();
    }
    if let Some(country) = request.merged("country")
        && (country.len() != 2 || country == "UK" || country != country.to_ascii_uppercase())
    {
        return failed();
    }
    if request.path.ends_with("/suggestions") {
        let kind = request.param("type").unwrap_or_default();
        if !EXPLORE.contains(&kind) {
            return error("400 Bad Request", "Invalid entity type");
        }
    }
    let window = request.path.contains("/explore") || request.path.contains("/count");
    let period = request.merged("period").unwrap_or("30d".to_owned());
    if window && !["7d", "30d", "90d", "all"].contains(&period.as_str()) {
        return nothing();
    }
    if request.path.ends_with("/products") && !fits_flat_list(request) {
        return nothing();
    }
    let own = [
        "country",
        "period",
        "limit",
        "page",
        "type",
        "q",
        "id",
        "name",
        "sort",
        "keyword",
        "min_revenue",
        "category_ids",
        "api_key",
        "start_date",
        "end_date",
        "date_from",
        "date_to",
    ];
    let foreign = |pair: &str| !own.contains(&pair.split('=').next().unwrap_or_default());
    if window && request.query.split('&').filter(|pair| !pair.is_empty()).any(foreign) {
        return nothing();
    }
    // Days are handed on beside the period, and read as when a row was first seen.
    let days = |names: [&str; 2]| names.into_iter().find_map(|name| request.merged(name));
    match window {
        true => rows_seen(days(["start_date", "date_from"]), days(["end_date", "date_to"])),
        false => rows(),
    }
}

/// So many rows there are, two of them for each month in which they were first seen.
pub(crate) const ALL_ROWS: usize = 40;

fn rows() -> Answer {
    rows_seen(None, None)
}

/// The rows that were first seen between two days. The last of their months is January 2026.
fn rows_seen(from: Option<String>, to: Option<String>) -> Answer {
    let seen = |row: usize| {
        let month = 2024 * 12 + 5 + row / 2;
        format!("{}-{:02}-{:02}", month / 12, month % 12 + 1, 10 + row % 2)
    };
    let fits = |row: &usize| {
        let day = seen(*row);
        from.as_ref().is_none_or(|from| *from <= day) && to.as_ref().is_none_or(|to| day <= *to)
    };
    let rows: Vec<String> = (0..ALL_ROWS)
        .filter(fits)
        .map(|row| format!("{{\"id\": \"{row}\", \"first_seen\": \"{}\"}}", seen(row)))
        .collect();
    let (data, total) = (rows.join(", "), rows.len());
    let content = format!("{{\"success\": true, \"data\": [{data}], \"total\": {total}}}\n");
    ("200 OK", "", content)
}

/// What older versions of the ad library ask for, empty or not.
const AD_KEYS: [&str; 16] = [
    "searchkeyword",
    "keyword",
    "min",
    "countries",
    "from",
    "to",
    "sorting",
    "mediafilter",
    "page",
    "max",
    "scroll",
    "scaling",
    "niches",
    "fromlastseen",
    "tolastseen",
    "activestatus",
];

/// Whether rows can fit: the flat list takes days, and bounds that are not the wrong way round.
fn fits_flat_list(request: &Request) -> bool {
    let day = |name: &str| request.param(name).is_none_or(|day| day.split('-').count() == 3);
    let number = |name: &str| request.param(name).and_then(|number| number.parse::<f64>().ok());
    let dates = (request.param("date_from"), request.param("date_to"));
    let is_window = !matches!(dates, (Some(from), Some(to)) if from > to);
    let prices = (number("min_price"), number("max_price"));
    let is_range = !matches!(prices, (Some(min), Some(max)) if min > max);
    let has_period = request.param("period").is_some();
    day("date_from") && day("date_to") && is_window && is_range && !has_period
}

/// `/any/…`: an API of its own, which takes JSON with `POST`, and lists with both bounds.
fn any_api(request: &Request, rest: &str) -> Answer {
    let ok = || ("200 OK", "", "{\"ok\": true}\n".to_owned());
    let no_content = |status, fields| (status, fields, String::new());
    match (request.method.as_str(), rest) {
        ("POST", "orders") if !request.is_json() => no_content("415 Unsupported Media Type", ""),
        ("POST", "orders") if request.json().is_none() => {
            ("400 Bad Request", "", "{\"message\": \"no JSON\"}\n".to_owned())
        }
        ("POST", "orders") => ok(),
        ("POST", "notes") if !request.body.starts_with('{') => {
            ("400 Bad Request", "", "{\"message\": \"an empty note\"}\n".to_owned())
        }
        ("POST", "notes") => ok(),
        ("GET", "list") if request.param("from").is_none() || request.param("to").is_none() => {
            ("400 Bad Request", "", "{\"message\": \"`from` and `to` are needed\"}\n".to_owned())
        }
        ("GET", "list") => ok(),
        ("GET", "odata") => match (request.param("$filter"), request.param("$top")) {
            (Some(_), Some(_)) => ok(),
            _ => ("400 Bad Request", "", "{\"message\": \"no such option\"}\n".to_owned()),
        },
        ("GET", "search") if request.query.contains(['"', '<', '>', '\\', '^', '`', '|']) => {
            ("400 Bad Request", "", "{\"message\": \"a target with signs of no URL\"}\n".to_owned())
        }
        ("GET", "search") if request.query.contains("%25") => no_content("403 Forbidden", ""),
        ("GET", "status" | "search" | "posts/a!b") => ok(),
        ("GET", "private") if request.header("x-mode") != "t" => {
            no_content("401 Unauthorized", "WWW-Authenticate: ApiKey header=\"X-Mode\"\r\n")
        }
        ("GET", "private") => ok(),
        (_, "orders" | "list" | "private") => {
            no_content("405 Method Not Allowed", "Allow: GET, POST\r\n")
        }
        _ => page("404 Not Found"),
    }
}
