//! The program `tribunal`: all of it is [`tribunal::cli::run`].

fn main() {
    let (stdin, mut stdout, mut stderr) = (std::io::stdin(), std::io::stdout(), std::io::stderr());
    std::process::exit(tribunal::cli::run(std::env::args_os(), stdin, &mut stdout, &mut stderr));
}
