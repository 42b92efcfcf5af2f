package peers;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trains a library and lets it answer, in a process of its own; {@code measure.py} does the same
 * for those of Python.
 *
 * <pre>
 * java peers.Main tribuo|opennlp SPEC.json OUT.json
 * </pre>
 */
final class Main {
  private static final int WARM = 200; // as ulmfit compare
  private static final Path STATUS = Path.of("/proc/self/status");

  private Main() {}

  public static void main(String[] arguments) throws IOException {
    Spec spec = Spec.read(Path.of(arguments[1]));
    Peer peer =
        switch (arguments[0]) {
          case "tribuo" -> new TribuoPeer(spec);
          case "opennlp" -> new OpenNlpPeer(spec);
          default -> throw new IllegalArgumentException(arguments[0]);
        };
    Map<String, Object> out = new LinkedHashMap<>();
    long started = System.nanoTime();
    List<Spec.Row> rows = spec.rows(spec.train());
    peer.train(spec, rows);
    peer.save(spec);
    out.put("trainingSeconds", (System.nanoTime() - started) / 1e9);
    out.put("peakBytes", peakBytes());
    answer(spec, peer, out);
    out.put("settings", peer.settings());
    out.put("runtime", "Java " + System.getProperty("java.version"));
    new ObjectMapper().writeValue(Path.of(arguments[2]).toFile(), out);
  }

  private static void answer(Spec spec, Peer peer, Map<String, Object> out) throws IOException {
    List<String> texts = texts(spec, spec.measured());
    texts.stream().limit(WARM).forEach(peer::probabilities);
    long started = System.nanoTime();
    List<double[]> probabilities = texts.stream().map(peer::probabilities).toList();
    out.put("predictSeconds", (System.nanoTime() - started) / 1e9);
    if (spec.several()) {
      List<String> valid = texts(spec, spec.valid());
      out.put("validProbabilities", valid.stream().map(peer::probabilities).toList());
      out.put("probabilities", probabilities);
    } else {
      out.put("answers", probabilities.stream().map(Main::greatest).toList());
    }
  }

  private static List<String> texts(Spec spec, Path file) throws IOException {
    return spec.rows(file).stream().map(Spec.Row::text).toList();
  }

  private static int greatest(double[] probabilities) {
    int best = 0;
    for (int i = 1; i < probabilities.length; i++) {
      best = probabilities[i] > probabilities[best] ? i : best;
    }
    return best;
  }

  /** The most memory resident so far; null where Linux does not tell. */
  private static Long peakBytes() throws IOException {
    if (!Files.exists(STATUS)) {
      return null;
    }
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith("VmHWM:")) {
        return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    return null;
  }
}
