package org.ulmfit.bench;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.ulmfit.io.AtomicFiles;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code scripts/bench}: measures the workloads one after the other and prints one report. */
@Command(
    name = "scripts/bench",
    sortOptions = false,
    header = "Measure ulmfit, and with --peers fastai, spaCy and plain DJL beside it.",
    description = {
      "",
      "Every measurement is a process of its own; sides alternate round by round on the same batches"
          + " with the same number of threads. Run it on an idle machine; a full run with --peers"
          + " takes about 20 minutes. Each workload's result is kept in target/bench/results, so"
          + " --only measures one again and the report takes the others from there.",
      ""
    },
    footer = {
      "",
      "Workloads: peaks, lm-small, lm-full, classifier-small, classifier-full, predict-small,"
          + " predict-full, text, prepare, start.",
      "Peers need Python with fastai and spaCy: scripts/bench-peers/setup makes .venv; another"
          + " interpreter is named by ULMFIT_PEER_PYTHON.",
      "Exit codes: 0 measured; 1 a measurement failed; 2 wrong usage."
    })
public final class Bench implements Callable<Integer> {

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "NAME",
      description = "These workloads alone.")
  private List<String> only = List.of();

  @Option(
      names = "--quick",
      description = "Tiny sizes, one round: whether everything runs, in a minute; no figures.")
  private boolean quick;

  @Option(names = "--peers", description = "Measure fastai, spaCy and plain DJL, too.")
  private boolean peers;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Rounds (default: 3; 1 with --quick).")
  private int rounds;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "Write the report to FILE, between its bench markers if it has them, and the results"
              + " beside it as JSON; what was measured on other kinds of processor stays.")
  private Path out;

  @Option(names = "--render", description = "Measure nothing; report the results that are kept.")
  private boolean render;

  @Option(names = "--results", hidden = true)
  private Path results;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this and end.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  private Workload.Settings settings;
  private final Map<String, String> policies = new LinkedHashMap<>();

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    CommandLine command = new CommandLine(new Bench());
    command.setExecutionExceptionHandler(
        (error, commandLine, parsed) -> {
          System.err.println("bench: " + error.getMessage());
          return error instanceof CommandLine.ParameterException ? 2 : 1;
        });
    return command.execute(arguments);
  }

  @Override
  public Integer call() throws Exception {
    Path home = Path.of(System.getProperty("ulmfit.home", "")).toAbsolutePath();
    Path shared =
        Path.of(System.getProperty("ulmfit.shared", home.resolve("../shared").toString()));
    String given = System.getenv("OMP_NUM_THREADS");
    int threads =
        given == null ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(given);
    settings = new Workload.Settings(quick, threads, Workload.seed(), home, shared.normalize());
    if (results == null) {
      results = home.resolve(quick ? "target/bench/quick" : "target/bench/results");
    }
    rounds = rounds > 0 ? rounds : quick ? 1 : 3;
    if (!render) {
      measure(selected());
    }
    Report report = Report.of(read(results));
    if (out != null) {
      write(report, out);
    }
    System.out.print(report.markdown());
    return 0;
  }

  private List<Workload> selected() {
    List<Workload> all = Workload.all(settings);
    List<String> names = all.stream().map(Workload::name).toList();
    for (String name : only) {
      if (!names.contains(name)) {
        throw new CommandLine.ParameterException(
            new CommandLine(this),
            "--only " + name + ": no such workload; one of " + String.join(", ", names));
      }
    }
    if (peers && !Files.isExecutable(Path.of(python()))) {
      throw new CommandLine.ParameterException(
          new CommandLine(this),
          python() + " is not there: run scripts/bench-peers/setup or set ULMFIT_PEER_PYTHON");
    }
    return all.stream().filter(w -> only.isEmpty() || only.contains(w.name())).toList();
  }

  private String python() {
    String given = System.getenv("ULMFIT_PEER_PYTHON");
    return given != null ? given : settings.home().resolve(".venv/bin/python").toString();
  }

  private void measure(List<Workload> workloads) throws Exception {
    Files.createDirectories(results);
    for (Workload workload : workloads) {
      long started = System.nanoTime();
      WorkloadResult result =
          workload.skipped() == null
              ? measure(workload)
              : new WorkloadResult(
                  workload.name(), machine(), Map.of(), List.of(), workload.skipped());
      AtomicFiles.writeString(
          results.resolve(workload.name() + ".json"),
          Spec.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(result) + "\n");
      say("%s: %.0f s", workload.name(), (System.nanoTime() - started) / 1e9);
    }
  }

  private Map<String, String> machine() {
    Map<String, String> machine = Machine.describe(settings.threads());
    if (quick) {
      machine.put(Report.QUICK, "yes");
    }
    return machine;
  }

  private WorkloadResult measure(Workload workload) throws Exception {
    Map<String, String> machine = machine();
    Path dir = results.resolveSibling(results.getFileName() + "-data").resolve(workload.name());
    if (Files.exists(dir)) {
      AtomicFiles.deleteTree(dir);
    }
    String kind = workload.name().replaceFirst("-(small|full)$", "");
    Spec spec = Spec.create(dir, kind, settings.seed(), settings.threads());
    workload.preparation().fill(spec);
    spec.write();
    List<Workload.Contender> contenders =
        workload.contenders().stream().filter(c -> peers || !c.kind().peer()).toList();
    Map<String, WorkloadResult.Side> sides = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      for (Workload.Contender c : contenders) {
        if (round == 0 || c.everyRound()) {
          Measurement m = measure(workload, c, spec);
          sides
              .computeIfAbsent(
                  c.name(), n -> new WorkloadResult.Side(n, note(c, kind), new ArrayList<>()))
              .rounds()
              .add(m);
          say("%s, round %d, %s: %s", workload.name(), round + 1, c.name(), Report.brief(m));
        }
      }
    }
    AtomicFiles.deleteTree(dir);
    List<WorkloadResult.Side> all = List.copyOf(sides.values());
    return new WorkloadResult(workload.name(), machine, spec.summary(), all, null);
  }

  private String note(Workload.Contender contender, String kind) {
    return switch (contender.kind()) {
      case PYTHON, PYTHON_TUNED -> policies.get(kind);
      default -> "";
    };
  }

  private Measurement measure(Workload workload, Workload.Contender contender, Spec spec)
      throws IOException {
    return switch (contender.kind()) {
      case OURS, DJL -> Children.worker(spec, contender.options());
      case COMMAND -> command(workload, spec);
      case PYTHON -> python(workload, spec, false);
      case PYTHON_TUNED -> python(workload, spec, true);
    };
  }

  /** The first time both waiting policies are tried; the faster one stays for this kind of work. */
  private Measurement python(Workload workload, Spec spec, boolean tuned) throws IOException {
    String kind = spec.values().get("kind").textValue();
    String policy = policies.get(kind);
    if (policy != null) {
      return peer(spec, policy.split(" ")[0], tuned);
    }
    Measurement passive = peer(spec, "PASSIVE", tuned);
    Measurement active = peer(spec, "ACTIVE", tuned);
    double one = passive.rate(workload.series());
    double other = active.rate(workload.series());
    policies.put(
        kind,
        String.format(
            Locale.ROOT,
            "%s waiting, tried in %s: ACTIVE at %.2f times the speed of PASSIVE",
            other > one ? "ACTIVE" : "PASSIVE",
            workload.name(),
            other / one));
    return other > one ? active : passive;
  }

  private Measurement peer(Spec spec, String policy, boolean tuned) throws IOException {
    Path script = settings.home().resolve("scripts/bench-peers/peer.py");
    return Children.peer(spec, python(), script, policy, tuned, settings.threads());
  }

  /** {@code prepare}: start to end. {@code start}: to the first answer; a first start warms up. */
  private Measurement command(Workload workload, Spec spec) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(settings.home().resolve("scripts/ulmfit").toString());
    Children.command(Stream.concat(command.stream(), Stream.of("--version")).toList(), Map.of());
    Measurement measured = Measurement.empty();
    long peak = 0;
    if (workload.name().equals("prepare")) {
      String corpus = spec.values().get("corpus").textValue();
      String prepared = spec.dir().resolve("prepared").toString();
      command.addAll(List.of("--quiet", "prepare", corpus, "--out", prepared));
      command.addAll(List.of("--config", spec.values().get("config").textValue()));
      Children.Ended ended = Children.command(command, Map.of("ULMFIT_HEAP", "1g"));
      measured.add("whole", ended.seconds(), 1);
      return measured.withPeak(ended.peakBytes());
    }
    command.add("predict");
    command.add(PredictionBench.model(spec, Workload.precision()).toString());
    command.add(spec.dir().resolve("input.txt").toString());
    for (int i = 0; i <= (quick ? 1 : 7); i++) {
      Children.Ended ended = Children.command(command, Map.of());
      if (i > 0) {
        measured.add("first answer", ended.firstLine(), 1);
        measured.add("whole", ended.seconds(), 1);
        peak = Math.max(peak, ended.peakBytes());
      }
    }
    return measured.withPeak(peak);
  }

  private static Map<String, WorkloadResult> read(Path results) throws IOException {
    Map<String, WorkloadResult> all = new LinkedHashMap<>();
    if (!Files.isDirectory(results)) {
      throw new IOException(results + ": no results are kept there; measure first");
    }
    try (Stream<Path> files = Files.list(results)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        WorkloadResult result = Spec.JSON.readValue(file.toFile(), WorkloadResult.class);
        all.put(result.name(), result);
      }
    }
    return all;
  }

  private static void write(Report report, Path out) throws IOException {
    String old = Files.exists(out) ? Files.readString(out) : "";
    Path json = Path.of(out.toString().replaceFirst("\\.md$", "") + ".json");
    Report all = report;
    if (Files.exists(json)) { // of other kinds of processor
      all = report.beside(Spec.JSON.readValue(json.toFile(), new TypeReference<>() {}));
    }
    AtomicFiles.writeString(out, all.into(old));
    AtomicFiles.writeString(
        json, Spec.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all.kinds()) + "\n");
  }

  private static void say(String format, Object... arguments) {
    System.err.println(String.format(Locale.ROOT, format, arguments));
  }
}
