package org.ulmfit.cli;

import java.lang.reflect.Member;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * The help of every command: what it needs, then its own options, then those that it shares with
 * others under a heading each.
 */
final class HelpPages {
  private static final int WIDTH = 96;
  private static final String USAGE = "Usage: ";

  /** Headings of shared options; a command's own come before them. */
  private static final Map<Class<?>, String> HEADINGS =
      Map.of(
          CorpusMixin.class, "Reading the texts and labels",
          InputMixin.class, "Reading the texts and labels",
          RecipeMixin.class, "Recipe",
          LanguageMixin.class, "Recipe",
          EngineMixin.class, "Engine",
          PrecisionMixin.class, "Engine",
          Main.class, "Messages");

  private HelpPages() {}

  /** Lays out the pages of a command and of those under it. */
  static void lay(CommandLine line, Map<String, String> exitCodes) {
    line.setUsageHelpAutoWidth(false);
    line.setUsageHelpWidth(WIDTH);
    CommandSpec spec = line.getCommandSpec();
    spec.usageMessage()
        .exitCodeListHeading("%nExit codes:%n")
        .exitCodeList(exitCodes)
        .sortOptions(false);
    if (line.getSubcommands().isEmpty()) {
      spec.usageMessage().customSynopsis(synopsis(spec));
      line.getHelpSectionMap()
          .put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, help -> options(help, spec));
    }
    line.getSubcommands().values().forEach(command -> lay(command, exitCodes));
  }

  private static String synopsis(CommandSpec spec) {
    Stream<String> needed =
        spec.options().stream().filter(option -> isNeeded(spec, option)).map(HelpPages::withValue);
    Stream<String> oneOf =
        spec.argGroups().stream()
            .map(
                group -> {
                  boolean must = group.multiplicity().min() > 0;
                  return group.options().stream()
                      .map(HelpPages::withValue)
                      .collect(Collectors.joining(" | ", must ? "(" : "[", must ? ")" : "]"));
                });
    Stream<String> operands =
        spec.positionalParameters().stream()
            .map(
                operand -> {
                  String label = operand.paramLabel() + (operand.arity().max() > 1 ? "..." : "");
                  return operand.required() ? label : "[" + label + "]";
                });
    Stream<String> first = Stream.of(spec.qualifiedName());
    return wrapped(
        Stream.of(first, operands, oneOf, needed, Stream.of("[OPTIONS]"))
            .flatMap(words -> words)
            .toList());
  }

  /** The words on as many lines as they need. */
  private static String wrapped(List<String> words) {
    String indent = " ".repeat(USAGE.length());
    StringBuilder text = new StringBuilder();
    int column = USAGE.length();
    for (String word : words) {
      boolean first = text.isEmpty();
      boolean fits = column + 1 + word.length() <= WIDTH;
      text.append(first ? "" : fits ? " " : "%n" + indent).append(word);
      column = first || fits ? column + 1 + word.length() : indent.length() + word.length();
    }
    return text.toString();
  }

  /** A command with a dry run, which needs no {@code --out}, asks for it itself. */
  private static boolean isNeeded(CommandSpec spec, OptionSpec option) {
    return option.group() == null && option.required()
        || option.longestName().equals("--out") && spec.findOption("--dry-run") != null;
  }

  private static String withValue(OptionSpec option) {
    boolean flag = option.arity().max() == 0;
    return option.longestName() + (flag ? "" : "=" + option.paramLabel());
  }

  private static Class<?> declaredBy(OptionSpec option) {
    return ((Member) option.userObject()).getDeclaringClass();
  }

  private static String options(Help help, CommandSpec spec) {
    Map<String, List<OptionSpec>> groups = new LinkedHashMap<>();
    groups.put("", new ArrayList<>());
    for (OptionSpec option : spec.options()) {
      groups
          .computeIfAbsent(
              HEADINGS.getOrDefault(declaredBy(option), ""), heading -> new ArrayList<>())
          .add(option);
    }
    StringBuilder page = new StringBuilder();
    groups.forEach(
        (heading, options) -> {
          if (heading.equals(HEADINGS.get(Main.class))) { // which come in no order
            options.sort(Comparator.comparing(OptionSpec::longestName));
          }
          if (!heading.isEmpty()) {
            page.append(help.createHeading("%n" + heading + ":%n"));
          }
          page.append(help.optionListExcludingGroups(options));
        });
    return page.toString();
  }
}
