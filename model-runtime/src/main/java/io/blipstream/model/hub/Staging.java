package io.blipstream.model.hub;

import io.blipstream.model.hub.ImportException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The hidden folder beside the target in which a checkpoint is put together.
 *
 * <p>What must hold: at every moment the target either is not there, or is a whole checkpoint, old
 * or new; and one import at a time works on it, by a lock that the operating system gives back
 * after a kill. What has arrived survives a kill, and the next import of the same target finds it.
 */
final class Staging implements AutoCloseable {

  private static final String LOCK = "in-use.lock";

  /** What files of settings and notes may need beside the weights. */
  private static final long ROOM_TO_SPARE_BYTES = 16L << 20;

  private final Path target;
  private final Path folder;
  private final FileChannel lock;

  private Staging(Path target, Path folder, FileChannel lock) {
    this.target = target;
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * Takes sole use of a target.
   *
   * @throws ImportException if another import has it
   */
  static Staging open(Path given) throws IOException {
    Path target =
        Files.isDirectory(given) ? given.toRealPath() : given.toAbsolutePath().normalize();
    if (target.getFileName() == null) {
      throw new ImportException(Kind.WRONG_USE, "--to must name a folder of its own.");
    }
    if (Files.exists(target) && !Files.isDirectory(target)) {
      throw new ImportException(
          Kind.WRONG_USE, "%s is a file; name a folder that is not there yet.".formatted(target));
    }
    Path folder = beside(target, ".partial");
    Files.createDirectories(folder);
    Staging staging = new Staging(target, folder, lock(target, folder.resolve(LOCK)));
    staging.restoreAfterKill();
    Files.createDirectories(staging.content());
    Files.createDirectories(staging.parts());
    return staging;
  }

  private static FileChannel lock(Path target, Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      // The lock lives as long as its channel. The file is gone if the holder just finished.
      locked = channel.tryLock() != null && Files.exists(file);
    } catch (OverlappingFileLockException held) {
      locked = false;
    } finally {
      if (!locked) {
        channel.close();
      }
    }
    if (!locked) {
      throw new ImportException(
          Kind.LOCAL,
          "Another import into %s is under way; wait for it or choose another folder."
              .formatted(target));
    }
    return channel;
  }

  /** The folder that is to be. */
  Path target() {
    return target;
  }

  /** What will be the target: whole, verified files only. */
  Path content() {
    return folder.resolve("content");
  }

  /** Files on their way. */
  Path parts() {
    return folder.resolve("parts");
  }

  /** A part of the folder for what is needed but not kept. */
  Path room(String name) throws IOException {
    return Files.createDirectories(folder.resolve(name));
  }

  /**
   * @param bytes that the whole import takes, with what is here already
   */
  void requireSpace(long bytes) throws IOException {
    long free = Files.getFileStore(folder).getUsableSpace();
    long needed = bytes - used(folder) + ROOM_TO_SPARE_BYTES;
    if (needed > free) {
      throw new ImportException(
          Kind.LOCAL,
          "%s needs %d MB more, but the disk has %d MB free; make room or choose another folder."
              .formatted(target, (needed >> 20) + 1, free >> 20));
    }
  }

  /** Drops what an earlier import of something else left. */
  void keepOnly(Set<String> names) throws IOException {
    try (Stream<Path> files = Files.list(content())) {
      for (Path file : files.toList()) {
        if (!names.contains(file.getFileName().toString())) {
          deleteAll(file);
        }
      }
    }
    try (Stream<Path> files = Files.list(parts())) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString().replaceFirst("\\.part(-of)?$", "");
        if (!names.contains(name)) {
          deleteAll(file);
        }
      }
    }
  }

  /** Makes the content the target, in place of what is there. */
  void publish() throws IOException {
    boolean present = Files.exists(target);
    Path old = beside(target, ".replaced");
    if (present) {
      deleteAll(old);
      move(target, old);
    }
    try {
      move(content(), target);
    } catch (IOException e) {
      if (present) {
        move(old, target);
      }
      throw e;
    }
    deleteAll(old);
    deleteAll(folder);
  }

  /** Drops everything, for what came is of no use. */
  void discard() throws IOException {
    deleteAll(folder);
  }

  @Override
  public void close() throws IOException {
    try {
      if (Files.exists(folder) && !holdsAnything()) {
        deleteAll(folder);
      }
    } finally {
      lock.close();
    }
  }

  private boolean holdsAnything() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .anyMatch(
              name -> !name.equals(LOCK) && !name.endsWith(".part-of") && !name.equals("from.txt"));
    }
  }

  /** A kill between the two moves of {@link #publish} left the old checkpoint beside. */
  private void restoreAfterKill() throws IOException {
    Path old = beside(target, ".replaced");
    if (Files.exists(old) && !Files.exists(target)) {
      move(old, target);
    }
    deleteAll(old);
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw new ImportException(
          Kind.LOCAL,
          "%s cannot be renamed to %s, so it is a disk of its own; name a folder inside it."
              .formatted(from, to),
          e);
    }
  }

  private static Path beside(Path target, String ending) {
    return target.resolveSibling("." + target.getFileName() + ending);
  }

  private static long used(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      long bytes = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
      return bytes;
    }
  }

  static void deleteAll(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
