package org.ulmfit.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.ulmfit.Suggestion;
import org.ulmfit.UlmfitException;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Every error is one line on stderr: what, where, remedy; its kind is the exit code. */
final class Errors {
  private final Console console;

  Errors(Console console) {
    this.console = console;
  }

  /** A command line that picocli could not read: exit 2. */
  int wrongUse(ParameterException e, String[] args) {
    String what = oneLine(misspelt(e, args).orElseGet(() -> describe(e)));
    String see = (what.endsWith("?") ? " See '" : "; see '") + spec(e).qualifiedName();
    line(what + see + " --help'");
    return UlmfitException.Kind.USAGE.exitCode();
  }

  /** A command that did not come to its end. */
  int failed(Exception e, CommandLine command, ParseResult parsed) {
    return report(e);
  }

  int report(Throwable e) {
    if (Interrupts.halting()) { // its files are being taken away from it
      return UlmfitException.Kind.INTERRUPTED.exitCode();
    }
    if (e instanceof UlmfitException u) {
      line(u.getMessage());
      trace(u);
      return u.kind().exitCode();
    }
    if (memory(e)) {
      line(
          "out of memory: lower lm.batchSize, lm.bptt, classifier.maxBatchTokens or --limit, or"
              + " raise the heap with ULMFIT_HEAP=4g");
    } else {
      String what = e.getClass().getSimpleName();
      line(
          oneLine(e.getMessage() == null ? what : what + ": " + e.getMessage())
              + (console.verbose() ? "" : "; run with --verbose for the stack trace"));
    }
    trace(e);
    return UlmfitException.Kind.FAILURE.exitCode();
  }

  private void trace(Throwable e) {
    if (console.verbose()) {
      e.printStackTrace(console.err());
    }
  }

  private void line(String text) {
    console.err().print("ulmfit: " + text + "\n");
    console.err().flush();
  }

  /** The heap's or the engine's; torch reports its own as a text. */
  private static boolean memory(Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      String text = String.valueOf(t.getMessage()).toLowerCase(Locale.ROOT);
      if (t instanceof OutOfMemoryError
          || text.contains("defaultcpuallocator")
          || text.contains("out of memory")) {
        return true;
      }
    }
    return false;
  }

  private static String describe(ParameterException e) {
    if (e instanceof UnmatchedArgumentException u && !u.getUnmatched().isEmpty()) {
      String given = u.getUnmatched().get(0);
      if (given.startsWith("-") && given.length() > 1) {
        String name = given.split("=", 2)[0];
        return unknown(name, spec(e));
      }
      List<String> commands = new ArrayList<>(spec(e).subcommands().keySet());
      return commands.isEmpty()
          ? "unexpected argument '" + given + "'"
          : "unknown command '" + given + "'" + Suggestion.hint(given, commands);
    }
    String message = String.valueOf(e.getMessage());
    String plain = message.replaceFirst("^[Ee]rror: ", "");
    return Character.toLowerCase(plain.charAt(0)) + plain.substring(1);
  }

  /** An option that is missing may be one that was misspelt. */
  private static Optional<String> misspelt(ParameterException e, String[] args) {
    if (!(e instanceof MissingParameterException)) {
      return Optional.empty();
    }
    List<String> names = optionNames(spec(e));
    return Arrays.stream(args)
        .takeWhile(arg -> !arg.equals("--"))
        .filter(arg -> arg.startsWith("--"))
        .map(arg -> arg.split("=", 2)[0])
        .filter(name -> !names.contains(name))
        .map(name -> unknown(name, spec(e)))
        .findFirst();
  }

  private static String unknown(String option, CommandSpec spec) {
    return "unknown option '" + option + "'" + Suggestion.hint(option, optionNames(spec));
  }

  private static CommandSpec spec(ParameterException e) {
    return e.getCommandLine().getCommandSpec();
  }

  private static List<String> optionNames(CommandSpec spec) {
    List<String> names = new ArrayList<>();
    spec.options()
        .forEach(
            o -> {
              names.addAll(List.of(o.names()));
              if (o.negatable()) {
                for (String name : o.names()) {
                  names.add(name.replaceFirst("^--", "--no-"));
                }
              }
            });
    return names;
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
  }
}
