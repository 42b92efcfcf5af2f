package org.ulmfit.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.ulmfit.UlmfitException;
import org.ulmfit.serve.ClassifierServer;
import org.ulmfit.serve.ServeOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.TypeConversionException;

/** {@code ulmfit serve}: a classifier that answers over HTTP. */
@Command(
    name = "serve",
    header = "Answer over HTTP: labels of texts, and which words decide.",
    description = {
      "",
      "POST /predict with {\"text\": \"...\"} or {\"texts\": [...]}, POST /explain, GET /healthz, /metrics"
          + " (Prometheus) and /openapi.json; / is a page to try it. Requests that come together are"
          + " answered as one batch. Where MODEL is replaced by another model, that answers. Ctrl-C"
          + " answers what came and ends. Texts are neither kept nor logged.",
      ""
    })
final class ServeCommand implements Callable<Integer> {
  private static final int INTERRUPTED = UlmfitException.Kind.INTERRUPTED.exitCode();
  private static final long LOOK_MILLIS = 50;

  @ParentCommand private Main main;

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "Run of classify, or the folder of a classifier or an ensemble.")
  private Path model;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "Address to listen on (default: 127.0.0.1, this machine alone; 0.0.0.0: all of its"
              + " addresses, for whoever reaches them).")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      converter = Port.class,
      description = "Port (default: 8080; 0: any that is free, which is told).")
  private int port;

  @Mixin private EngineMixin engine;

  @Override
  public Integer call() {
    engine.apply();
    Console console = main.console();
    ClassifierServer server = start(console);
    return Interrupts.running(
        "requests under way are answered (a second signal ends it at once)",
        stop -> {
          try (server) {
            console.data("listening on http://" + place() + ":" + server.port());
            console.flush();
            while (!stop.requested()) {
              sleep();
            }
          }
          return INTERRUPTED;
        });
  }

  private ClassifierServer start(Console console) {
    try {
      return ClassifierServer.start(
          model, engine.device(), ServeOptions.defaults().at(host, port), console::say);
    } catch (NoClassDefFoundError e) {
      throw UlmfitException.failure(
          "serve: its HTTP library is not there; add org.eclipse.jetty:jetty-server to the class path"
              + " (the distribution of ulmfit has it in lib/)",
          e);
    }
  }

  private String place() {
    return host.contains(":") ? "[" + host + "]" : host;
  }

  private static void sleep() {
    try {
      Thread.sleep(LOOK_MILLIS);
    } catch (InterruptedException e) {
      throw UlmfitException.failure("serve: interrupted", e);
    }
  }

  /** A number that a port can have. */
  static final class Port implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String given) {
      try {
        int port = Integer.parseInt(given);
        if (port >= 0 && port <= 65_535) {
          return port;
        }
      } catch (NumberFormatException e) {
        // told below
      }
      throw new TypeConversionException("'" + given + "' is no port, 0 to 65535");
    }
  }
}
