//! The page of `--format html`: its bounds and escapes, and how it behaves in a browser (headless Chromium; where there is
//! none those tests say so loudly and test nothing).

#[path = "html/browser.rs"]
mod browser;
#[path = "cli/support.rs"]
#[expect(dead_code, reason = "shared with the tests of the command line")]
mod support;

use browser::{Browser, Tab};
use std::path::Path;
use support::{CONSISTENT, VIOLATED, folder, run_in};

/// What would break out of a page that does not escape, in every place where a history's text goes.
const NASTY: &str = r#"</script><img src=x onerror=\"window.pwned=1\"><!--'"#;

fn nasty() -> String {
    let line = |rest: &str| format!("{{\"process\":\"{NASTY}p\",\"key\":\"{NASTY}k\",{rest}}}\n");
    line(&format!("\"f\":\"write\",\"value\":\"{NASTY}\",\"start\":0,\"end\":5"))
        + &format!("{{\"event\":\"annotation\",\"time\":6,\"text\":\"{NASTY}\"}}\n")
        + &line(&format!("\"f\":\"read\",\"value\":\"{NASTY}else\",\"start\":9,\"end\":12"))
}

/// Makes the page of a check.
#[track_caller]
fn page(folder: &Path, args: &[&str], code: i32) -> String {
    let ran = run_in(folder, &[&["check", "--format", "html", "-o", "report.html"][..], args].concat());
    assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{}", ran.err);
    std::fs::read_to_string(folder.join("report.html")).unwrap()
}

#[test]
fn no_text_of_a_history_becomes_markup() {
    let folder = folder(&[("nasty<b>.jsonl", &nasty())]);
    let html = page(folder.path(), &["-m", "linearizable,sequential", "nasty<b>.jsonl"], 1);
    assert!(!html.contains("<img") && !html.contains("<b>.jsonl"), "{html}");
    assert!(html.contains("&lt;img src=x"), "it is shown as it stands");
    for end in html.match_indices("</script").map(|(at, _)| at) {
        assert_eq!(&html[end..end + 9], "</script>", "no text ends a script");
    }
    assert!(!html.contains("http://") && !html.contains("https://"), "nothing is fetched");
}

#[test]
fn a_page_is_bounded_whatever_the_histories_hold() {
    const LIMIT: usize = 2_000_000;
    let wide = "<&'\\\"\u{fffd}".repeat(60);
    let hostile: String = (0..3_000)
        .map(|i| {
            format!(
                "{{\"process\":{i},\"f\":\"write\",\"key\":{:?},\"value\":{:?},\"start\":{i},\"end\":9000}}\n{{\"event\":\"annotation\",\"time\":{i},\"text\":{:?}}}\n",
                format!("{}{wide}", i % 7),
                format!("{i}{wide}"),
                format!("{i}{wide}"),
            )
        })
        .collect();
    let folder = folder(&[("hostile.jsonl", &hostile)]);
    let read = format!(
        "{{\"process\":\"r\",\"f\":\"read\",\"key\":{:?},\"value\":7,\"start\":9100,\"end\":9200}}\n",
        format!("1{wide}")
    );
    std::fs::write(folder.path().join("hostile.jsonl"), hostile + &read).unwrap();
    let html = page(folder.path(), &["-m", "strict,linearizable,sequential", "hostile.jsonl"], 1);
    assert!(html.len() < LIMIT, "{} bytes", html.len());
    let name = "n".repeat(3_000);
    let many: String = (0..2_500)
        .map(|i| format!("{{\"history\":\"{name}{i}\"}}\n{}", if i % 2 == 0 { VIOLATED } else { CONSISTENT }))
        .collect();
    std::fs::write(folder.path().join("many.jsonl"), many).unwrap();
    let html = page(folder.path(), &["many.jsonl"], 1);
    assert!(html.len() < LIMIT, "{} bytes", html.len());
    assert!(html.contains("2,500 histories: 1,250 violated, 1,250 consistent"));
    assert!(html.contains("; 2,000 histories not listed"), "the page says what it leaves out");
}

#[test]
fn results_without_histories_have_a_page_too() {
    let folder = folder(&[("bad.jsonl", VIOLATED), ("good.jsonl", CONSISTENT)]);
    run_in(folder.path(), &["check", "--format", "jsonl", "-o", "results", "bad.jsonl", "good.jsonl"]);
    let ran = run_in(folder.path(), &["merge", "--format", "html", "results"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("2 histories: 1 violated, 1 consistent") && ran.out.contains("1 from x"));
    let ran = run_in(folder.path(), &["certify", "--format", "html", "bad.jsonl", "results"]);
    assert!(ran.code == 0 && ran.out.contains("verified: linearizable"), "{}", ran.out);
}

/// The tab's page has no faults: of its own, or that a reader without eyes would find.
fn sound(tab: &mut Tab<'_>) {
    let nameless = "[...document.querySelectorAll('svg[role=img], table, [role=region], section, article')]
        .filter(e => !(e.getAttribute('aria-label') || e.caption)).map(e => e.outerHTML.slice(0, 90))
        .filter(html => !html.startsWith('<table><thead><tr><th scope=\"col\">History'))";
    assert_eq!(tab.text(&format!("{nameless}.join('|')")), "", "everything has a name");
    let headless =
        "[...document.querySelectorAll('table')].filter(t => !t.querySelector('th[scope]')).length";
    assert_eq!(tab.number(headless), 0, "tables have headings");
    assert_eq!(tab.number("document.querySelectorAll('h1').length"), 1);
    assert_eq!(tab.number("document.images.length"), 0);
    assert_eq!(tab.text("typeof window.pwned"), "undefined");
}

#[test]
fn a_person_can_use_it() {
    let Some(mut browser) = Browser::start() else { return };
    let folder = folder(&[]);
    let args = ["generate", "-n", "3000", "-k", "3", "--violation", "stale-read", "-o", "h.jsonl"];
    assert_eq!(run_in(folder.path(), &args).code, 0);
    page(folder.path(), &["-m", "linearizable,sequential", "h.jsonl"], 1);
    let mut tab = browser.open(&folder.path().join("report.html"));
    assert!(
        tab.text("document.title").starts_with("h.jsonl: violated: linearizable"),
        "{}",
        tab.text("document.title")
    );
    sound(&mut tab);

    // Only rows in sight are there, of which the operations of the violation are marked.
    let rows = "document.querySelectorAll('.window tbody tr[data-at]').length";
    assert!((5..60).contains(&tab.number(rows)), "{}", tab.number(rows));
    assert!(
        tab.number("Number(document.querySelector('.window table').getAttribute('aria-rowcount'))") > 1_900
    );
    assert!(tab.number("document.querySelectorAll('.window tr.matters').length") > 0);

    // j, k, n and arrows choose rows.
    let chosen =
        "Number((document.querySelector('.window tr[aria-current]') || {dataset: {at: -1}}).dataset.at)";
    assert_eq!(tab.number(chosen), -1);
    tab.key("n");
    let first = tab.number(chosen);
    assert!(first >= 0 && tab.number("document.querySelectorAll('tr.matters[aria-current]').length") == 1);
    assert!(tab.text("document.querySelector('.found').textContent").starts_with("operation "));
    tab.key("j");
    tab.key("j");
    assert_eq!(tab.number(chosen), first + 2);
    tab.key("k");
    assert_eq!(tab.number(chosen), first + 1);
    tab.run("document.querySelector('.window').focus()");
    tab.key("ArrowDown");
    assert_eq!(tab.number(chosen), first + 2);

    // `/` searches, Esc leaves.
    tab.key("/");
    assert_eq!(tab.text("document.activeElement.type"), "search");
    tab.write("zzz");
    assert_eq!(tab.text("document.querySelector('.found').textContent"), "0 found");
    tab.key("Escape");
    assert!(tab.number(rows) > 4);
    tab.key("/");
    tab.write("W(");
    let found = tab.number("parseInt(document.querySelector('.found').textContent.replace(/,/g, ''))");
    assert!((100..2_000).contains(&found), "{found}");
    let all_writes =
        "[...document.querySelectorAll('.window tr[data-at]')].every(r => r.textContent.includes('W('))";
    assert_eq!(tab.text(&format!("String({all_writes})")), "true");
    tab.key("Escape");

    // A click on a bar of the picture goes to its row, which is brought into sight.
    tab.run("document.querySelector('.window').scrollTop = 1e9");
    let id = tab.text("document.querySelector('.op.guilty, .op').dataset.op");
    tab.click(".op.guilty rect, .op rect");
    tab.wait("(document.querySelector('.window tr[aria-current] td') || {textContent: ''}).textContent", &id);
    assert!(tab.number("document.querySelectorAll('.op.chosen').length") >= 1);

    // The first stop of Tab leads past everything; print has no scrolling table.
    tab.run("document.activeElement.blur(); window.scrollTo(0, 0)");
    tab.key("Tab");
    let light = tab.text("getComputedStyle(document.body).backgroundColor");
    tab.media("", "dark");
    assert_ne!(tab.text("getComputedStyle(document.body).backgroundColor"), light, "dark by preference");
    tab.media("print", "light");
    assert_eq!(tab.text("getComputedStyle(document.querySelector('.operations')).display"), "none");
    assert!(tab.number("document.querySelector('table.shown').offsetHeight") > 20);
    assert_eq!(tab.faults(), Vec::<String>::new());
}

#[test]
fn hostile_text_and_many_histories_do_no_harm_in_a_browser() {
    let Some(mut browser) = Browser::start() else { return };
    let many: String = (0..30)
        .map(|i| format!("{{\"history\":\"{NASTY}{i}\"}}\n{}", if i == 20 { VIOLATED } else { CONSISTENT }))
        .collect();
    let folder = folder(&[("nasty.jsonl", &nasty()), ("many.jsonl", &many)]);
    page(folder.path(), &["-m", "linearizable,sequential", "nasty.jsonl"], 1);
    let mut tab = browser.open(&folder.path().join("report.html"));
    sound(&mut tab);
    let annotations = tab.text("document.querySelector('.annotations').textContent");
    assert!(annotations.contains("<img src=x onerror="), "it is there to be read: {annotations}");
    let table = tab.text("document.querySelector('.window').innerText");
    assert!(table.contains("</script><img"), "in the table too: {table}");
    assert_eq!(tab.faults(), Vec::<String>::new());

    page(folder.path(), &["many.jsonl"], 1);
    let mut tab = browser.open(&folder.path().join("report.html"));
    sound(&mut tab);
    assert_eq!(tab.number("document.querySelectorAll('.index tbody tr').length"), 30);
    assert!(
        tab.text("document.querySelector('.index tbody tr').textContent").contains("20"),
        "violated first"
    );
    tab.click(".index tbody tr a");
    tab.wait("location.hash", "#h20");
    tab.key("n");
    assert!(tab.text("document.querySelector('#h20 .found').textContent").starts_with("operation"));
    assert_eq!(tab.faults(), Vec::<String>::new());
}
