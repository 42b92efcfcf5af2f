package org.ulmfit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/fetch-pretrained} against a local server, with a stand-in for the import. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs a POSIX shell")
class FetchPretrainedTest {
  private static final String SCRIPT = "scripts/fetch-pretrained";

  @TempDir Path dir;
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile int cutAfter = Integer.MAX_VALUE;
  private HttpServer server;
  private Path home;
  private String address;

  private record Result(int exit, String err) {}

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    address = "http://localhost:" + server.getAddress().getPort();
    home = dir.resolve("checkout");
    Files.createDirectories(home.resolve("scripts"));
    Files.createDirectories(home.resolve("pretrained"));
    Files.copy(Path.of(SCRIPT), home.resolve(SCRIPT));
    assertTrue(home.resolve(SCRIPT).toFile().setExecutable(true));
    Path ulmfit = home.resolve("scripts/ulmfit");
    Files.writeString(
        ulmfit,
        "#!/bin/sh\necho \"$@\" >'" + dir + "/imported'\ncat \"$2\" >'" + dir + "/weights'\n");
    assertTrue(ulmfit.toFile().setExecutable(true));
    byte[] weights = new byte[3 << 20];
    new Random(1).nextBytes(weights);
    files.put("/m/weights.pth", weights);
    files.put("/m/itos.pkl", new byte[] {1, 2, 3});
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  /** Serves ranges; breaks off after {@code cutAfter} bytes. */
  private void answer(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    requests.add(exchange.getRequestURI() + (range == null ? "" : " " + range));
    byte[] whole = files.get(exchange.getRequestURI().getPath());
    if (whole == null) {
      exchange.sendResponseHeaders(404, -1);
      exchange.close();
      return;
    }
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
    if (range != null) {
      exchange
          .getResponseHeaders()
          .add("Content-Range", "bytes " + from + "-" + (whole.length - 1) + "/" + whole.length);
    }
    exchange.sendResponseHeaders(range == null ? 200 : 206, whole.length - from);
    int n = Math.min(cutAfter, whole.length - from);
    exchange.getResponseBody().write(whole, from, n);
    exchange.getResponseBody().flush();
    exchange.close();
  }

  private Result fetch(String... args) throws Exception {
    List<String> command = new ArrayList<>(List.of(home.resolve(SCRIPT).toString()));
    command.addAll(List.of(args));
    Path err = dir.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectError(err.toFile())
            .redirectOutput(dir.resolve("out").toFile())
            .start();
    return new Result(process.waitFor(), Files.readString(err));
  }

  private void table(String bytes, String md5) throws IOException {
    Files.writeString(
        home.resolve("pretrained/published.tsv"),
        "# a comment\n"
            + String.join("\t", "m", "weights", address + "/m/weights.pth", bytes, md5, "--rules x")
            + "\n"
            + String.join("\t", "m", "vocab", address + "/m/itos.pkl", "3", "-", "")
            + "\n");
  }

  private String firstMebibyte() throws Exception {
    byte[] head = Arrays.copyOf(files.get("/m/weights.pth"), 1 << 20);
    return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(head));
  }

  @Test
  void anInterruptedDownloadGoesOnAndIsImported() throws Exception {
    table("" + (3 << 20), firstMebibyte());
    cutAfter = 1 << 20;
    Result cut = fetch("m");
    assertEquals(1, cut.exit(), cut.err());
    assertTrue(cut.err().contains("run the same command again to go on"), cut.err());
    assertFalse(Files.exists(dir.resolve("imported")));
    long kept = Files.size(home.resolve("pretrained/.download/m/weights.pth.part"));
    assertTrue(kept >= 1 << 20, "kept " + kept);
    cutAfter = Integer.MAX_VALUE;
    requests.clear();
    Result whole = fetch("m");
    assertEquals(0, whole.exit(), whole.err());
    assertEquals(List.of("/m/weights.pth bytes=" + kept + "-", "/m/itos.pkl"), requests);
    assertEquals(
        -1,
        Arrays.mismatch(files.get("/m/weights.pth"), Files.readAllBytes(dir.resolve("weights"))));
    Path parts = home.resolve("pretrained/.download/m");
    assertEquals(
        "import "
            + parts.resolve("weights.pth")
            + " --out "
            + home.resolve("pretrained/m")
            + " --vocab "
            + parts.resolve("itos.pkl")
            + " --rules x\n",
        Files.readString(dir.resolve("imported")));
    assertFalse(Files.exists(home.resolve("pretrained/.download")));
  }

  @Test
  void anotherFileThanThePublishedOneIsRefusedAndRemoved() throws Exception {
    table("" + (3 << 20), "0".repeat(32));
    Result wrong = fetch("m");
    assertEquals(4, wrong.exit(), wrong.err());
    assertTrue(wrong.err().contains("is not the file that was published"), wrong.err());
    assertFalse(Files.exists(home.resolve("pretrained/.download/m/weights.pth.part")));
    table("" + (2 << 20), firstMebibyte());
    Result length = fetch("m");
    assertEquals(4, length.exit(), length.err());
    assertTrue(length.err().contains("is not the 2097152 bytes long"), length.err());
    assertFalse(Files.exists(dir.resolve("imported")));
  }

  @Test
  void namesOptionsAndFoldersThatAreWrongAreErrorsOfUse() throws Exception {
    table("-", "-");
    for (List<String> args :
        List.of(List.of("n"), List.<String>of(), List.of("--sideways", "m"), List.of("m", "m"))) {
      assertEquals(2, fetch(args.toArray(String[]::new)).exit(), args.toString());
    }
    Files.createDirectories(home.resolve("pretrained/m"));
    assertTrue(fetch("m").err().contains("exists already"));
    assertEquals(List.of(), requests);
  }

  /** The page people read and the table the script reads name the same files. */
  @Test
  void thePageNamesEveryPublishedFile() throws IOException {
    String page = Files.readString(Path.of("pretrained/README.md"));
    for (String line : Files.readAllLines(Path.of("pretrained/published.tsv"))) {
      if (!line.startsWith("#")) {
        String[] cells = line.split("\t");
        assertTrue(page.contains("`" + cells[0] + "`"), cells[0]);
        String file = cells[2].substring(cells[2].lastIndexOf('/') + 1);
        assertTrue(page.contains(file), cells[2]);
        if (!cells[3].equals("-")) {
          assertTrue(page.contains(String.format("%,d", Long.parseLong(cells[3]))), cells[3]);
        }
        assertTrue(cells[4].equals("-") || page.contains(cells[4]), cells[4]);
      }
    }
  }
}
