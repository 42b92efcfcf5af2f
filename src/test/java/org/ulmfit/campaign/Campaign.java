package org.ulmfit.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ulmfit.bench.Ratios;
import org.ulmfit.io.AtomicFiles;

/**
 * What takes too long for the tests of every day; {@code scripts/campaign}, whose head says how.
 * Arguments are {@code name=value} as in {@link #DEFAULTS}.
 */
public final class Campaign {

  static final Map<String, String> DEFAULTS = new LinkedHashMap<>();

  private static final Path HOME = Path.of(System.getProperty("ulmfit.home", ""));

  static {
    DEFAULTS.put("out", HOME.resolve("target/campaign").toString());
    DEFAULTS.put("parts", "repeats,kills,mutations,rows,steps,memory,serving,speed");
    DEFAULTS.put("seed", "1");
    DEFAULTS.put("repeats", "52");
    DEFAULTS.put("kills", "200");
    DEFAULTS.put("mutations", "1000000");
    DEFAULTS.put("corpora", "10000");
    DEFAULTS.put("steps", "10000");
    DEFAULTS.put("calls", "100000");
    DEFAULTS.put("parsers", String.join(",", Targets.names()));
  }

  private final Map<String, String> settings;
  private final Path out;
  private boolean clean = true;

  private Campaign(Map<String, String> settings) {
    this.settings = settings;
    this.out = Path.of(settings.get("out"));
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    Map<String, String> settings = new LinkedHashMap<>(DEFAULTS);
    for (String arg : args) {
      String[] parts = arg.split("=", 2);
      if (parts.length < 2 || settings.replace(parts[0], parts[1]) == null) {
        System.err.println("campaign: " + arg + ": expected NAME=VALUE, of " + DEFAULTS.keySet());
        System.exit(2);
      }
    }
    Campaign campaign = new Campaign(settings);
    campaign.run();
    System.exit(campaign.clean ? 0 : 1);
  }

  private void run() throws IOException, InterruptedException {
    Files.createDirectories(out);
    for (String part : settings.get("parts").split(",")) {
      long started = System.nanoTime();
      part(part).forEach(System.out::println);
      System.out.printf("%s: %.0f s%n", part, (System.nanoTime() - started) / 1e9);
    }
  }

  private List<String> part(String name) throws IOException, InterruptedException {
    return switch (name) {
      case "repeats" ->
          new Repeats(dir(name), journal(name), subjects()).run(number("repeats"), label());
      case "kills" -> {
        List<Subject> all = Subject.all(out.resolve("subjects"));
        Kills kills = new Kills(dir(name), journal(name), all, number("seed"));
        List<String> lines = kills.run(number("kills"));
        clean &= kills.clean();
        yield lines;
      }
      case "rows" -> rows(dir(name), number("corpora"));
      case "steps" -> new Steadiness(dir(name), journal(name), subjects()).run(number("steps"));
      case "mutations" -> {
        Mutations mutations = new Mutations(dir(name), journal(name), number("seed"));
        List<String> parsers = List.of(settings.get("parsers").split(","));
        List<String> lines = mutations.run(number("mutations"), parsers);
        clean &= mutations.clean();
        yield lines;
      }
      case "memory" -> {
        Memory memory = new Memory(HOME, dir(name), journal(name));
        List<String> lines = memory.run();
        clean &= memory.clean();
        yield lines;
      }
      case "serving" -> {
        Serving serving = new Serving(dir(name), journal(name));
        List<String> lines = serving.run(number("calls"));
        clean &= serving.clean();
        yield lines;
      }
      case "speed" -> speed(dir(name));
      default -> throw new IllegalArgumentException("no part " + name);
    };
  }

  private Path dir(String part) throws IOException {
    return Files.createDirectories(out.resolve(part));
  }

  private Journal journal(String part) throws IOException {
    return new Journal(out.resolve(part + ".jsonl"));
  }

  private List<Subject> subjects() throws IOException, InterruptedException {
    return Subject.single(out.resolve("subjects"));
  }

  private static List<String> rows(Path dir, int corpora) throws IOException {
    RowAccounts accounts = new RowAccounts(dir);
    for (int i = 0; i < corpora; i++) {
      accounts.check(RowAccounts.READERS.get(i % RowAccounts.READERS.size()), i);
    }
    AtomicFiles.deleteTree(dir);
    return List.of(corpora + " corpora: every row is used or rejected as it should be");
  }

  private List<String> speed(Path dir) throws IOException {
    List<Ratios.Ratio> ratios = new Ratios(dir).measure();
    clean &= ratios.stream().allMatch(Ratios.Ratio::kept);
    AtomicFiles.deleteTree(dir);
    return ratios.stream().map(Ratios.Ratio::toString).toList();
  }

  /** The setting the repeats are told apart by. */
  private static String label() {
    return "MKL_CBWR=" + System.getenv().getOrDefault("MKL_CBWR", "");
  }

  private int number(String key) {
    return Integer.parseInt(settings.get(key));
  }
}
