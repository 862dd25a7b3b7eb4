//! Where a request comes from: the address that is counted, and the address by which this server was reached.

use std::net::{IpAddr, Ipv4Addr};

use actix_web::HttpRequest;
use actix_web::dev::ServiceRequest;
use actix_web::web;

use super::http::Site;

/// Headers by which a proxy tells whom it serves.
const FORWARDED: [&str; 4] = [
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
];

/// The address of whoever asks. `X-Forwarded-For` is believed from trusted proxies only, and only as far back as
/// every hop is one.
pub fn address(request: &HttpRequest) -> IpAddr {
    let socket = request
        .peer_addr()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
    let forwarded = request
        .headers()
        .get_all("X-Forwarded-For")
        .filter_map(|value| value.to_str().ok())
        .collect::<Vec<_>>()
        .join(",");
    behind(socket, &forwarded, trusted(request))
}

fn behind(socket: IpAddr, forwarded: &str, trusted: &[IpAddr]) -> IpAddr {
    let mut nearest = socket;
    for hop in forwarded.rsplit(',') {
        if !trusted.contains(&nearest) {
            break;
        }
        match hop.trim().parse() {
            Ok(address) => nearest = address,
            Err(_) => break,
        }
    }
    nearest
}

/// Takes away what only a trusted proxy may say about a request, before anything reads it.
pub(super) fn believe_proxies_only(request: &mut ServiceRequest) {
    let socket = request.peer_addr().map(|peer| peer.ip());
    let is_trusted = socket.is_some_and(|socket| trusted(request.request()).contains(&socket));
    if !is_trusted {
        for name in FORWARDED {
            request.headers_mut().remove(name);
        }
    }
}

fn trusted(request: &HttpRequest) -> &[IpAddr] {
    request
        .app_data::<web::Data<Site>>()
        .map(|site| site.trusted_proxies.as_slice())
        .unwrap_or_default()
}

/// Whether the person's side of the connection is encrypted.
pub fn is_https(request: &HttpRequest) -> bool {
    request.connection_info().scheme() == "https"
}

/// The address for links that a person copies: the configured one, else the one by which this page was opened.
pub fn base(request: &HttpRequest, site: &Site) -> String {
    if site.is_configured {
        return site.public_url.clone();
    }
    let info = request.connection_info();
    format!("{}://{}", info.scheme(), info.host())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_trusted_proxy_is_believed_and_only_the_hops_it_saw() {
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        let trusted = [ip("10.0.0.1"), ip("10.0.0.2")];
        for (socket, forwarded, expected) in [
            ("192.0.2.7", "198.51.100.1", "192.0.2.7"),
            ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
            (
                "10.0.0.1",
                "1.1.1.1, 198.51.100.1, 10.0.0.2",
                "198.51.100.1",
            ),
            ("10.0.0.1", "", "10.0.0.1"),
            ("10.0.0.1", "198.51.100.1, nonsense", "10.0.0.1"),
        ] {
            let seen = behind(ip(socket), forwarded, &trusted);
            assert_eq!(seen, ip(expected), "{socket} {forwarded}");
        }
    }
}
