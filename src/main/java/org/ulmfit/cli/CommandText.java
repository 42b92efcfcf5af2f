package org.ulmfit.cli;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.ulmfit.run.Invocation;
import picocli.CommandLine.Model.CommandSpec;

/** A command as it is typed into a shell. */
final class CommandText {
  private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./-]+");

  /** What would go on with a run, or replace one: nothing of how it is made. */
  private static final Set<String> PASSING = Set.of("--resume", "--overwrite");

  /** What a settled recipe holds. */
  private static final Set<String> IN_RECIPE = Set.of("--config", "--set", "--seed", "--precision");

  private CommandText() {}

  /** Words quoted for a POSIX shell where they need it. */
  static String quoted(List<String> words) {
    return String.join(" ", words.stream().map(CommandText::quoted).toList());
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** The command that runs now, as it was given. */
  static String of(CommandSpec spec) {
    return quoted(words(spec));
  }

  /**
   * The command that trains a run, as it was given and by the recipe that the run records.
   *
   * @param out the run's folder, as it was given
   */
  static Invocation training(CommandSpec spec, String out) {
    List<String> words = without(words(spec), Set.of("--out"));
    words = without(words, IN_RECIPE);
    words.addAll(List.of("--config", out + "/recipe.yaml", "--out", out + "-again"));
    return new Invocation(of(spec), quoted(words));
  }

  private static List<String> words(CommandSpec spec) {
    List<String> words = new ArrayList<>(List.of("ulmfit"));
    spec.commandLine().getParseResult().originalArgs().stream()
        .filter(word -> !PASSING.contains(word))
        .forEach(words::add);
    return words;
  }

  /** Words without options that have a value, be it in the same word or in the next. */
  private static List<String> without(List<String> words, Set<String> options) {
    List<String> left = new ArrayList<>();
    for (Iterator<String> word = words.iterator(); word.hasNext(); ) {
      String next = word.next();
      if (options.contains(next)) {
        word.next(); // its value: it would not have been parsed without
      } else if (!options.contains(next.replaceFirst("=.*", ""))) {
        left.add(next);
      }
    }
    return left;
  }
}
