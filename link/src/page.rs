//! **Page**: the link's state and a few channels on a page for a browser on this machine, kept current by
//! server-sent events.

use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use tiny_http::{Header, Request, Response, Server};

use crate::traces::{COLUMNS, Traces};
use crate::{Event, Observer, State, StreamFormat};

const PAGE: &str = include_str!("page.html");
/// How often the page changes.
const EVERY: Duration = Duration::from_millis(100);
/// What a browser is told: who else may show the page, and load what.
const POLICY: &str = "default-src 'self'; script-src 'unsafe-inline'; style-src 'unsafe-inline'";

/// A page that cannot be served.
#[derive(Debug, thiserror::Error)]
#[error("http://127.0.0.1:{port}: {error}")]
pub struct PageError {
    /// The port.
    pub port: u16,
    /// Why.
    pub error: Box<dyn std::error::Error + Send + Sync>,
}

/// The page.
pub struct Page {
    port: u16,
    profile: String,
    traces: Traces,
    shown: Option<Instant>,
    news: Arc<News>,
}

/// What browsers wait for.
#[derive(Default)]
struct News {
    /// The last event, how many there were, and whether it is the last one.
    last: Mutex<(Arc<String>, u64, bool)>,
    changed: Condvar,
}

/// What an event says.
#[derive(Serialize)]
struct Shown<'a> {
    profile: &'a str,
    state: &'a State,
    traces: &'a Traces,
    columns: usize,
}

impl Page {
    /// Serves the page at a port of this machine alone; 0 for any port.
    ///
    /// # Errors
    /// [`PageError`].
    pub fn serve(format: &StreamFormat, port: u16) -> Result<Page, PageError> {
        let server = Server::http((Ipv4Addr::LOCALHOST, port));
        let server = server.map_err(|error| PageError { port, error })?;
        let port = server.server_addr().to_ip().map_or(port, |address| address.port());
        let news = Arc::new(News::default());
        let served = news.clone();
        std::thread::spawn(move || {
            for request in server.incoming_requests() {
                let news = served.clone();
                // A browser that is gone needs no answer.
                std::thread::spawn(move || answer(request, port, &news));
            }
        });
        let profile = format.profile.clone();
        Ok(Page { port, profile, traces: Traces::new(format), shown: None, news })
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl Observer for Page {
    fn event(&mut self, event: &Event<'_>) {
        self.traces.take(event);
    }

    fn state(&mut self, state: &State, last: bool) -> bool {
        if last || self.shown.is_none_or(|shown| shown.elapsed() >= EVERY) {
            self.shown = Some(Instant::now());
            let Page { profile, traces, .. } = self;
            let shown = Shown { profile, state, traces, columns: COLUMNS };
            let json = serde_json::to_string(&shown).expect("numbers under names");
            let mut news = self.news.last.lock().unwrap_or_else(PoisonError::into_inner);
            *news = (Arc::new(json), news.1 + 1, last);
            self.news.changed.notify_all();
        }
        true
    }
}

fn answer(request: Request, port: u16, news: &News) -> io::Result<()> {
    // Another site's name for this machine would let it read what is recorded.
    let own = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    let host = request.headers().iter().find(|header| header.field.equiv("Host"));
    if !host.is_some_and(|host| own.iter().any(|own| host.value.as_str() == own)) {
        return request.respond(Response::from_string("not this host").with_status_code(403));
    }
    match request.url() {
        "/" => {
            let header = |name: &str, value: &str| {
                Header::from_bytes(name, value).expect("a header of ASCII characters")
            };
            let page = Response::from_string(PAGE)
                .with_header(header("Content-Type", "text/html; charset=utf-8"))
                .with_header(header("Content-Security-Policy", POLICY));
            request.respond(page)
        }
        "/events" => events(request.into_writer(), news),
        _ => request.respond(Response::from_string("not here").with_status_code(404)),
    }
}

/// Sends every event from now on, until the browser goes or the session ends.
fn events(mut browser: Box<dyn Write + Send>, news: &News) -> io::Result<()> {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n\
                Connection: close\r\n\r\n";
    browser.write_all(head.as_bytes())?;
    browser.flush()?;
    let mut seen = 0;
    loop {
        let last = news.last.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = news.changed.wait_while(last, |(_, number, _)| *number == seen);
        let (json, number, end) = waited.unwrap_or_else(PoisonError::into_inner).clone();
        seen = number;
        write!(browser, "data: {json}\n\n")?;
        browser.flush()?;
        if end {
            return Ok(());
        }
    }
}
