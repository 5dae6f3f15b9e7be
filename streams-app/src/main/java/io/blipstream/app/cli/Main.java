package io.blipstream.app.cli;
public final class Main { public static void main(String[] a) { System.out.println("hello " + java.util.List.of(a)); } }
