package org.ulmfit.io;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether others than its user could change what lies in a folder, or where its path leads. Owners
 * and modes as POSIX has them (an access list shows in the group's bits); on other systems nothing
 * is found.
 *
 * <pre>
 * /tmp        root,  rwxrwxrwt   others may write, but not to what is not theirs: no weakness on the way
 * /tmp/mine   alice, rwx------   nobody else gets further
 * /tmp/theirs bob,   rwxr-xr-x   a weakness for alice: bob can put there what he likes
 * </pre>
 */
final class Exposure {
  private static final int OTHERS_WRITE = 022;
  private static final int OTHERS_ENTER = 011;
  private static final int STICKY = 01000;
  private static final int MOST_LINKS = 40; // as Linux follows at most
  private static final Path ROOT = Path.of("/");

  /**
   * A place where others can write.
   *
   * @param what in words: who, or by which mode
   */
  record Weakness(Path at, String what) {}

  private final int user;
  private final int system;

  private Exposure(int user, int system) {
    this.user = user;
    this.system = system;
  }

  /** Of a folder for this process's user; empty: nobody else can. */
  static Optional<Weakness> of(Path folder) throws IOException {
    return posix() ? of(folder, user()) : Optional.empty();
  }

  static Optional<Weakness> of(Path folder, int user) throws IOException {
    // where a container does not know the machine's root, it shows all of its files as one user's
    return new Exposure(user, owner(ROOT)).along(folder.toAbsolutePath(), true);
  }

  static boolean posix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("unix");
  }

  /** The process's user, who owns it in Linux's {@code /proc}; elsewhere the home folder's. */
  static int user() throws IOException {
    Path self = Path.of("/proc/self");
    return owner(Files.exists(self) ? self : Path.of(System.getProperty("user.home")));
  }

  private static int owner(Path path, LinkOption... options) throws IOException {
    return (int) Files.getAttribute(path, "unix:uid", options);
  }

  private static int mode(Path path) throws IOException {
    return (int) Files.getAttribute(path, "unix:mode");
  }

  /**
   * @param all whether what lies in the folder counts, too
   */
  private Optional<Weakness> along(Path folder, boolean all) throws IOException {
    Deque<Path> rest = new ArrayDeque<>();
    ahead(rest, folder);
    Path at = ROOT;
    boolean closed = false; // whether nobody else gets here
    int links = 0;
    while (true) {
      Optional<Weakness> weak = weakness(at, closed, !rest.isEmpty());
      if (weak.isPresent()) {
        return weak;
      }
      closed |= (mode(at) & OTHERS_ENTER) == 0;
      if (rest.isEmpty()) {
        return all && !closed && Files.isDirectory(at) ? inside(at) : Optional.empty();
      }
      Path next = at.resolve(rest.pop()).normalize();
      if (Files.isSymbolicLink(next)) {
        if (!trusted(owner(next, LinkOption.NOFOLLOW_LINKS))) {
          return Optional.of(belongs(next, owner(next, LinkOption.NOFOLLOW_LINKS)));
        }
        if (++links > MOST_LINKS) {
          throw new FileSystemException(folder.toString(), null, "too many links");
        }
        Path target = Files.readSymbolicLink(next);
        ahead(rest, target);
        if (target.isAbsolute()) {
          at = ROOT;
          closed = false;
        }
      } else {
        at = next;
      }
    }
  }

  private static void ahead(Deque<Path> rest, Path path) {
    for (int i = path.getNameCount() - 1; i >= 0; i--) {
      rest.push(path.getName(i));
    }
  }

  /** Everything below a folder that others may enter. */
  private Optional<Weakness> inside(Path folder) throws IOException {
    List<Path> entries;
    try (Stream<Path> listed = Files.list(folder)) {
      entries = listed.toList();
    }
    for (Path entry : entries) {
      Optional<Weakness> weak =
          Files.isSymbolicLink(entry) ? along(entry, false) : weakness(entry, false, false);
      boolean further = Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS);
      if (weak.isEmpty() && further && (mode(entry) & OTHERS_ENTER) != 0) {
        weak = inside(entry);
      }
      if (weak.isPresent()) {
        return weak;
      }
    }
    return Optional.empty();
  }

  /**
   * @param onTheWay whether only the next name on a path counts, which a sticky folder guards
   */
  private Optional<Weakness> weakness(Path at, boolean closed, boolean onTheWay)
      throws IOException {
    if (!trusted(owner(at))) {
      return Optional.of(belongs(at, owner(at)));
    }
    int mode = mode(at);
    boolean guarded = onTheWay && (mode & STICKY) != 0;
    return closed || guarded || (mode & OTHERS_WRITE) == 0
        ? Optional.empty()
        : Optional.of(
            new Weakness(
                at, "may be written by others (mode " + Integer.toOctalString(mode & 07777) + ")"));
  }

  private boolean trusted(int owner) {
    return owner == user || owner == 0 || owner == system;
  }

  private static Weakness belongs(Path at, int owner) {
    return new Weakness(at, "belongs to another user (" + owner + ")");
  }
}
