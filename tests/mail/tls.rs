//! Mail servers that speak TLS: from the start, or after STARTTLS. Nothing is said to one whose certificate is not
//! good.

use rcgen::{BasicConstraints, Certificate, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tidegate_gateway::config::{Secret, Settings};
use tidegate_testkit::Shop;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use super::{put, run, until};

/// How the server is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// TLS from the first byte.
    Tls,
    /// In clear, until STARTTLS.
    StartTls,
    /// In clear, and it offers nothing else.
    Stripped,
}

/// An authority of the test's own.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    root: Certificate,
}

impl Authority {
    fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root = params.self_signed(&key).unwrap();
        Self { issuer: Issuer::new(params, key), root }
    }

    /// What a server for a name is set up with; `last` is the last year that its certificate is good in.
    fn server(&self, name: &str, last: i32) -> Arc<ServerConfig> {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(last, 1, 1);
        let leaf = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder().with_no_client_auth();
        Arc::new(config.with_single_cert(vec![leaf.der().clone()], key).unwrap())
    }
}

/// What a server heard: lines before there was TLS, and lines after.
#[derive(Debug, Default, Clone)]
struct Heard {
    in_clear: Vec<String>,
    over_tls: Vec<String>,
    connections: usize,
}

struct Server {
    url: String,
    heard: Arc<Mutex<Heard>>,
}

impl Server {
    async fn start(start: Manner, config: Arc<ServerConfig>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let url = match start {
            Manner::Tls => format!("smtps://shop:hush-hush@localhost:{port}"),
            Manner::StartTls | Manner::Stripped => format!("smtp://shop:hush-hush@localhost:{port}?tls=required"),
        };
        let heard: Arc<Mutex<Heard>> = Arc::default();
        let noted = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                noted.lock().unwrap().connections += 1;
                tokio::spawn(serve(stream, start, TlsAcceptor::from(Arc::clone(&config)), Arc::clone(&noted)));
            }
        });
        Self { url, heard }
    }

    fn heard(&self) -> Heard {
        self.heard.lock().unwrap().clone()
    }
}

async fn serve(stream: TcpStream, start: Manner, acceptor: TlsAcceptor, heard: Arc<Mutex<Heard>>) -> Option<()> {
    if start == Manner::Tls {
        let stream = acceptor.accept(stream).await.ok()?;
        return converse(&mut BufReader::new(stream), &["220 hello"], |heard| &mut heard.over_tls, &heard).await;
    }
    let mut stream = BufReader::new(stream);
    let greeting: &[&str] = if start == Manner::StartTls { &["220 hello", "250-STARTTLS"] } else { &["220 hello"] };
    converse(&mut stream, greeting, |heard| &mut heard.in_clear, &heard).await?;
    let stream = acceptor.accept(stream.into_inner()).await.ok()?;
    converse(&mut BufReader::new(stream), &[], |heard| &mut heard.over_tls, &heard).await
}

/// Answers until the client leaves (nothing) or wants TLS (something). Only over TLS it offers to take a password.
async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut BufReader<S>,
    offered: &[&str],
    side: fn(&mut Heard) -> &mut Vec<String>,
    heard: &Mutex<Heard>,
) -> Option<()> {
    let offers_start = offered.contains(&"250-STARTTLS");
    if let Some(greeting) = offered.first() {
        stream.write_all(format!("{greeting}\r\n").as_bytes()).await.ok()?;
    }
    let mut is_message = false;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_owned();
        side(&mut heard.lock().unwrap()).push(line.clone());
        let answer = match line.split(' ').next()? {
            _ if is_message && line != "." => continue,
            "EHLO" if offers_start => "250-sink\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN",
            "EHLO" => "250-sink\r\n250 AUTH PLAIN LOGIN",
            "STARTTLS" if offers_start => {
                stream.write_all(b"220 go on\r\n").await.ok()?;
                return Some(());
            }
            "AUTH" => "235 welcome",
            "DATA" => {
                is_message = true;
                "354 go on"
            }
            "QUIT" => "221 bye",
            _ => {
                is_message = false;
                "250 ok"
            }
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
    }
}

/// A shop whose mails go to the server, and that takes the authority's word for it.
async fn shop(server: &Server, authority: Option<&Authority>) -> (Shop, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file: PathBuf = folder.path().join("authorities.pem");
    let other = Authority::new();
    let pem = authority.map(|authority| format!("{}{}", other.root.pem(), authority.root.pem()));
    if let Some(pem) = &pem {
        std::fs::write(&file, pem).unwrap();
    }
    let change = |settings: &mut Settings| {
        settings.mail_smtp_url = Some(Secret::new(&server.url));
        settings.mail_from = Some("Tide & Co <shop@shop.test>".to_owned());
        settings.mail_authorities = pem.is_some().then(|| file.clone());
    };
    (Shop::empty(change).await, folder)
}

#[tokio::test]
async fn mails_and_the_password_go_over_tls_to_a_server_whose_certificate_is_good() {
    let authority = Authority::new();
    for start in [Manner::Tls, Manner::StartTls] {
        let server = Server::start(start, authority.server("localhost", 2090)).await;
        let (shop, _folder) = shop(&server, Some(&authority)).await;
        put(&shop, "NO_ACCOUNT", "ada@example.com", "{}").await;

        let _running = run(&shop).await;
        until(&shop, "select sent_at is not null from mail").await;

        let heard = server.heard();
        assert!(heard.over_tls.iter().any(|line| line.starts_with("AUTH ")), "{start:?}: {heard:?}");
        assert!(heard.over_tls.iter().any(|line| line == "To: ada@example.com"), "{start:?}: {heard:?}");
        let expected: &[&str] = if start == Manner::Tls { &[] } else { &["EHLO shop.test", "STARTTLS"] };
        assert_eq!(heard.in_clear, expected, "{start:?}");
    }
}

#[tokio::test]
async fn nothing_is_said_to_a_server_whose_certificate_is_not_good() {
    let authority = Authority::new();
    let unknown = Authority::new();
    for start in [Manner::Tls, Manner::StartTls] {
        for (what, config, trusted) in [
            ("another authority's", unknown.server("localhost", 2090), Some(&authority)),
            ("nobody's", authority.server("localhost", 2090), None),
            ("another name's", authority.server("mail.example", 2090), Some(&authority)),
            ("expired", authority.server("localhost", 2021), Some(&authority)),
        ] {
            let server = Server::start(start, config).await;
            let (shop, _folder) = shop(&server, trusted).await;
            put(&shop, "NO_ACCOUNT", "ada@example.com", "{}").await;

            let _running = run(&shop).await;
            until(&shop, "select last_error like '%certificate%' and claimed_until is null from mail").await;

            assert_eq!(
                shop.database.ask("select sent_at is null and dead_at is null from mail").await,
                "true",
                "{what}"
            );
            let heard = server.heard();
            assert_eq!(heard.over_tls, Vec::<String>::new(), "{what}, {start:?}");
            assert!(
                heard.in_clear.iter().all(|line| line == "EHLO shop.test" || line == "STARTTLS"),
                "{what}: {heard:?}"
            );
        }
    }
}

/// Somebody on the way takes STARTTLS out of the server's answer.
#[tokio::test]
async fn nothing_is_said_in_clear_where_tls_is_required_and_not_offered() {
    let authority = Authority::new();
    let server = Server::start(Manner::Stripped, authority.server("localhost", 2090)).await;
    let (shop, _folder) = shop(&server, Some(&authority)).await;
    put(&shop, "NO_ACCOUNT", "ada@example.com", "{}").await;

    let _running = run(&shop).await;
    until(&shop, "select last_error is not null and claimed_until is null from mail").await;

    assert_eq!(shop.database.ask("select sent_at is null from mail").await, "true");
    let heard = server.heard();
    assert!(heard.connections > 0 && heard.over_tls.is_empty());
    assert!(heard.in_clear.iter().all(|line| line == "EHLO shop.test" || line == "QUIT"), "{heard:?}");
}
