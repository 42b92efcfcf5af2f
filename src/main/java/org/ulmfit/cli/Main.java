package org.ulmfit.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.ulmfit.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command {@code ulmfit}. */
@Command(
    name = "ulmfit",
    header = "ULMFiT: fine-tune a language model on your texts, then classify them.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = Main.Versions.class,
    footer = {
      "",
      "Start with 'ulmfit quickstart'. 'ulmfit COMMAND --help' tells about one command."
    },
    subcommands = {
      QuickstartCommand.class,
      CheckDataCommand.class,
      PrepareCommand.class,
      LrFindCommand.class,
      LmFinetuneCommand.class,
      ClassifyCommand.class,
      EvaluateCommand.class,
      PredictCommand.class,
      ServeCommand.class,
      EmbedCommand.class,
      ExplainCommand.class,
      GenerateCommand.class,
      EnsembleCommand.class,
      CompareCommand.class,
      TokenizeCommand.class,
      TrainTokenizerCommand.class,
      ImportCommand.class,
      ExportCommand.class,
      DoctorCommand.class,
      CompletionCommand.class
    })
public final class Main implements Callable<Integer> {

  /** Exit codes, as every help page lists them. */
  static final Map<String, String> EXIT_CODES = new LinkedHashMap<>();

  static {
    EXIT_CODES.put("0", "done");
    EXIT_CODES.put("1", "any other failure");
    EXIT_CODES.put("2", "wrong option, recipe key or value");
    EXIT_CODES.put("3", "data that cannot be used");
    EXIT_CODES.put("4", "model that is corrupt, incomplete or does not fit");
    EXIT_CODES.put("130", "interrupted; a training run has written a checkpoint");
  }

  private final Console console;

  /** As picocli's generator of man pages makes it. */
  Main() {
    this(new Console(System.in, System.out, System.err, false));
  }

  private Main(Console console) {
    this.console = console;
  }

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  void help(boolean asked) {}

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the versions of ulmfit, DJL and libtorch.")
  void version(boolean asked) {}

  @Option(
      names = {"-q", "--quiet"},
      scope = ScopeType.INHERIT,
      description = "No messages and no progress; errors only.")
  void quiet(boolean quiet) {
    console.quiet(quiet);
  }

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Stack traces of unexpected errors, and the engine's own messages.")
  void verbose(boolean verbose) {
    console.verbose(verbose);
  }

  Console console() {
    return console;
  }

  /** Without a command: the help page, on stderr because it was not asked for. */
  @Override
  public Integer call() {
    commandLine(console).usage(console.err());
    return CommandLine.ExitCode.USAGE;
  }

  /** The process: stdout carries the commands' data and nothing else. */
  public static void main(String[] args) {
    quietLibraries(args);
    PrintStream out =
        new PrintStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
            false,
            StandardCharsets.UTF_8);
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    System.setOut(err);
    System.setErr(err);
    Interrupts.install();
    int code;
    try {
      code = run(args, System.in, out, err, Terminal.stderr());
      out.flush();
    } finally {
      Interrupts.finished();
    }
    System.exit(code);
  }

  /**
   * Runs one command.
   *
   * @param terminal whether {@code err} is a terminal
   * @return the exit code
   */
  static int run(
      String[] args, InputStream in, PrintStream out, PrintStream err, boolean terminal) {
    Console console = new Console(in, out, err, terminal);
    try {
      int code = commandLine(console).execute(args);
      if (code == CommandLine.ExitCode.OK) {
        console.flush(); // an answer that nobody could read was not given
      }
      return code;
    } catch (Throwable e) { // picocli hands on what is no Exception
      return new Errors(console).report(e);
    } finally {
      out.flush();
    }
  }

  private static CommandLine commandLine(Console console) {
    CommandLine line = new CommandLine(new Main(console));
    Errors errors = new Errors(console);
    line.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(Terminal.colour(console) ? Ansi.ON : Ansi.OFF));
    line.setParameterExceptionHandler(errors::wrongUse);
    line.setExecutionExceptionHandler(errors::failed);
    HelpPages.lay(line, EXIT_CODES);
    return line;
  }

  /** Set before any library loads: nothing is fetched, and their words are few and on stderr. */
  private static void quietLibraries(String[] args) {
    boolean verbose = false;
    for (String arg : args) {
      verbose |= arg.equals("-v") || arg.equals("--verbose");
    }
    setDefault("ai.djl.offline", "true");
    setDefault("org.slf4j.simpleLogger.logFile", "System.err");
    setDefault("org.slf4j.simpleLogger.defaultLogLevel", verbose ? "info" : "error");
    setDefault("java.awt.headless", "true");
  }

  private static void setDefault(String key, String value) {
    if (System.getProperty(key) == null) {
      System.setProperty(key, value);
    }
  }

  /** {@code --version}. */
  static final class Versions implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "ulmfit " + Version.version() + " (commit " + Version.commit() + ")",
        "DJL " + Version.djl(),
        "libtorch " + Version.libtorch(),
        "Java " + System.getProperty("java.version")
      };
    }
  }
}
